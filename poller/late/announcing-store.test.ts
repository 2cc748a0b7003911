import type { LateSpan } from '@warren/contracts/late-data'
import type { MetricStore } from '@warren/stores/metrics/metric-store'
import type { LocalDisk } from '@warren/stores/retention'
import { expect, it } from 'vitest'
import { announcingStore } from './announcing-store.ts'

const hundredMs = 100_000
const noonMs = 1_772_539_200_000

/** What is announced of one point that is `ageMs` old when its write begins, by a store that has released the bytes when it is done. */
async function announced(ageMs: number, writeMs: number): Promise<readonly LateSpan[]> {
  let nowMs = noonMs
  let heard: readonly LateSpan[] = []
  const bytes = Buffer.from(`cpu v=1 ${noonMs - ageMs}000000\n`)
  const write = async () => {
    nowMs += writeMs
    bytes.fill('x')
    return { refused: [] }
  }
  const announcer = {
    announce: async (_tenant: string, spans: readonly LateSpan[]) => {
      heard = spans
    },
    close: async () => undefined,
  }
  const store = announcingStore({ write } as unknown as MetricStore, announcer, () => nowMs)
  await store.write({ tenant: 'acme', bytes, starts: Uint32Array.of(0, bytes.length) })
  return heard
}

it('announces what is late, whatever became of its bytes', async () => {
  const oldestMs = noonMs - 36 * hundredMs
  const spans = [{ measurement: 'cpu', oldestMs, newestMs: oldestMs + hundredMs - 1 }]
  expect(await announced(36 * hundredMs, 10)).toEqual(spans)
  expect(await announced(29_000, 10)).toEqual([])
})

it('announces what has become late while it was written', async () => {
  const spans = [{ oldestMs: noonMs - hundredMs, newestMs: noonMs - 1 }]
  expect(await announced(1000, 60_000)).toEqual(spans)
  expect(await announced(1000, 14_000)).toEqual([])
})

it('announces a day that was given up, once it is gone', async () => {
  const told: unknown[] = []
  const disk: LocalDisk = {
    folder: '/data',
    oldest: async () => undefined,
    drop: async ({ day }) => void told.push(day),
  }
  const announcer = {
    announce: async (tenant: string, spans: readonly LateSpan[]) => void told.push(tenant, spans),
    close: async () => undefined,
  }
  const store = announcingStore({ disk } as unknown as MetricStore, announcer)
  await store.disk?.drop({ tenant: 'acme', day: '2026-03-01' })
  const everything = { oldestMs: -8.64e15, newestMs: 8.64e15 }
  expect(told).toEqual(['2026-03-01', 'acme', [everything]])
})
