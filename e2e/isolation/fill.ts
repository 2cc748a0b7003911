import { setTimeout as sleep } from 'node:timers/promises'
import type { LogStore } from '@warren/stores/logs/log-store'
import { searchOf } from '@warren/stores/logs/testing'
import type { MetricStore } from '@warren/stores/metrics/metric-store'
import type { LineBatch, WriteOutcome } from '@warren/stores/write-outcome'
import {
  landlord,
  neighbourPoints,
  neighbourRecords,
  pointsOf,
  reader,
  recordsOf,
  stranger,
  strangerPoints,
  strangerRecords,
} from './data.ts'
import { keptDays } from './times.ts'

type Batch = LineBatch & { readonly tenant: string }

async function writeAll<Written>(
  batches: readonly Written[],
  write: (batch: Written) => Promise<WriteOutcome>,
): Promise<void> {
  for (const batch of batches) {
    const { refused } = await write(batch)
    if (refused.length > 0) throw new Error(`the store refused ${JSON.stringify(refused[0])}`)
  }
}

/** A store keeps days, and no weeks, from what it hears of retention on: it hears of it when it has a point of the tenant. */
const firstLineOf = ({ tenant, bytes, starts }: Batch): Batch => ({
  tenant,
  bytes: bytes.subarray(0, starts[1]),
  starts: starts.slice(0, 2),
})

/** Metrics, of whose oldest rollups alone are left. The stranger first: whatever its types decide for others is decided before the reader's come. */
export async function fillMetrics(store: MetricStore, withStranger: boolean): Promise<void> {
  const others = withStranger ? [strangerPoints(), neighbourPoints()] : []
  const batches = [...others, pointsOf(reader), pointsOf(landlord)]
  const tenants = new Set(batches.map(({ tenant }) => tenant))
  const write = (batch: Batch) => store.write(batch)
  await writeAll(batches.map(firstLineOf), write)
  for (const tenant of tenants) await store.retain({ tenant, days: 30, nowMs: Date.now() })
  await writeAll(batches, write)
  await rollUp(store)
}

/** Of all that is over, as if it had come a while ago. */
async function rollUp(store: MetricStore): Promise<void> {
  const round = await store.rollUp?.(Date.now() + 600_000)
  if (round === undefined) throw new Error('the store makes no rollups')
  if (round.failed.length > 0) throw new Error(`no rollups: ${round.failed.join(', ')}`)
  if (round.waiting > 0) await rollUp(store)
}

/** Stores give up what is old in steps of their own: again and again. */
export async function giveUpOld(store: MetricStore): Promise<void> {
  const kept = { days: keptDays, rollupDays: { '5m': 300, '1h': 600 }, nowMs: Date.now() }
  for (const tenant of [reader, stranger, landlord]) await store.retain({ tenant, ...kept })
}

/** Records. The stranger first, as of metrics. */
export async function fillLogs(store: LogStore, withStranger: boolean): Promise<void> {
  const others = withStranger ? [strangerRecords(), neighbourRecords()] : []
  await writeAll([...others, recordsOf(reader), recordsOf(landlord)], (batch) => store.write(batch))
  await untilSeen(store)
}

/** Elasticsearch shows what it holds a second later, both tenants' at one time. */
async function untilSeen(logStore: LogStore): Promise<void> {
  const wanted = recordsOf(reader).starts.length - 1
  const isSeen = async (tenant: string) => {
    const { hits } = await searchOf(logStore, { tenant })
    return hits.hits.length >= wanted
  }
  for (let left = 300; left > 0; left--) {
    if ((await isSeen(reader)) && (await isSeen(landlord))) return
    await sleep(100)
  }
  throw new Error('the records were stored, and are not seen')
}
