import { createLog } from '@warren/platform/log'
import type { LocalDisk, StoredDay } from '@warren/stores/retention'
import { Registry } from 'prom-client'
import { expect, test, vi } from 'vitest'
import { type DiskSpace, watchDisk } from './watch-disk.ts'

const gibibyte = 1024 ** 3
const now = () => Date.parse('2026-03-10T06:00:00Z')

/** A disk of 100 GiB on which each day takes one. */
function createDisk(days: readonly string[], otherBytes: number) {
  const left: StoredDay[] = days.map((day) => ({ tenant: 'default', day }))
  const disk: LocalDisk = {
    folder: '/data',
    oldest: async (before) =>
      left.filter(({ day }) => day < before).sort((a, b) => (a.day < b.day ? -1 : 1))[0],
    drop: async (stored) => {
      left.splice(
        left.findIndex(({ day }) => day === stored.day),
        1,
      )
    },
  }
  const used = () => left.length * gibibyte + otherBytes
  return { disk, used, days: () => left.map(({ day }) => day) }
}

function watch(disks: Readonly<Record<string, ReturnType<typeof createDisk>>>) {
  const events: string[] = []
  const totalBytes = 100 * gibibyte
  const registry = new Registry()
  const watching = watchDisk({
    disks: Object.fromEntries(Object.entries(disks).map(([stream, { disk }]) => [stream, disk])),
    minFreeBytes: 0,
    publisher: { publish: async ({ body }) => void events.push(Buffer.from(body).toString()) },
    log: createLog({ service: 'test', level: 'error', pretty: false }),
    registry,
    now,
    space: async (): Promise<DiskSpace> => {
      const used = Object.values(disks).reduce((sum, disk) => sum + disk.used(), 0)
      return { totalBytes, freeBytes: totalBytes - used }
    },
  })
  return { watching, events, registry }
}

test('gives up the oldest days of either stream until there is room, and says so', async () => {
  const metrics = createDisk(
    ['2026-03-01', '2026-03-03', '2026-03-09', '2026-03-10'],
    90 * gibibyte,
  )
  const logs = createDisk(['2026-03-02', '2026-03-04', '2026-03-10'], 0)
  const { watching, events, registry } = watch({ metrics, logs })
  await vi.waitFor(() => expect(watching.health()[0]?.state).toBe('yellow'))
  await watching.close()
  // 3 GiB were free; 6.25 are wanted once below 5.
  expect(metrics.days()).toEqual(['2026-03-09', '2026-03-10'])
  expect(logs.days()).toEqual(['2026-03-10'])
  expect(events.map((text) => JSON.parse(text).context.day)).toEqual([
    ...['2026-03-01', '2026-03-02', '2026-03-03', '2026-03-04'],
  ])
  expect(watching.health()[0]?.reason).toContain('gave up the logs of default of 2026-03-04')
  expect(await registry.metrics()).toContain('days_given_up_total{stream="metrics"} 2')
})

test('leaves today and yesterday, and is red when nothing else is left', async () => {
  const metrics = createDisk(['2026-03-09', '2026-03-10'], 96 * gibibyte)
  const { watching, events } = watch({ metrics })
  await vi.waitFor(() => expect(watching.health()[0]?.state).toBe('red'))
  await watching.close()
  expect(metrics.days()).toHaveLength(2)
  expect(events).toEqual([])
})

test('does nothing while there is room, and is absent without a disk of its own', async () => {
  const metrics = createDisk(['2026-01-01'], 10 * gibibyte)
  const { watching } = watch({ metrics })
  await watching.close()
  expect(metrics.days()).toHaveLength(1)
  expect(watching.health()[0]?.state).toBe('green')
  expect(watch({}).watching.health()).toEqual([])
})
