import { createLog } from '@warren/platform/log'
import type { LocalDisk, StoredDay } from '@warren/stores/retention'
import { Registry } from 'prom-client'
import { expect, test, vi } from 'vitest'
import type { DiskSpace } from './file-systems.ts'
import { watchDisk } from './watch-disk.ts'

const gibibyte = 1024 ** 3
const log = createLog({ service: 'test', level: 'error', pretty: false })
const now = () => Date.parse('2026-03-10T06:00:00Z')

interface TestDisk {
  /** One of a folder is one of its file system here. */
  readonly folder?: string
  /** Days that somebody reads. */
  readonly busy?: readonly string[]
  /** Days from which it has rollups. */
  readonly rollups?: readonly string[]
}

const rankOf = ({ day, rollup }: StoredDay): string => `${rollup ?? ''} ${day}`

/** A store whose days take a GiB each, beside other bytes on its file system. */
function createDisk(days: readonly string[], otherBytes: number, more: TestDisk = {}) {
  const { folder = '/data', busy = [], rollups = [] } = more
  const left: StoredDay[] = [
    ...days.map((day) => ({ tenant: 'default', day })),
    ...rollups.map((day) => ({ tenant: 'default', day, rollup: '5m' as const })),
  ]
  const disk: LocalDisk = {
    folder,
    oldest: async ({ before, except = [] }) =>
      left
        .filter(({ day }) => day < before && !except.some((one) => one.day === day))
        .sort((a, b) => (rankOf(a) < rankOf(b) ? -1 : 1))[0],
    drop: async (stored) => {
      if (busy.includes(stored.day)) throw new Error('in use')
      left.splice(
        left.findIndex(({ day }) => day === stored.day),
        1,
      )
    },
  }
  const used = () => left.length * gibibyte + otherBytes
  return { disk, used, days: () => left.map(({ day }) => day) }
}

/** Each file system has 100 GiB; one called `/gone` cannot be asked. */
function watch(disks: Readonly<Record<string, ReturnType<typeof createDisk>>>) {
  const events: string[] = []
  const totalBytes = 100 * gibibyte
  const registry = new Registry()
  const folders = Object.values(disks).map(({ disk }) => disk.folder)
  const watching = watchDisk({
    disks: Object.fromEntries(Object.entries(disks).map(([stream, { disk }]) => [stream, disk])),
    minFreeBytes: 0,
    publisher: { publish: async ({ body }) => void events.push(Buffer.from(body).toString()) },
    log,
    registry,
    now,
    space: async (folder): Promise<DiskSpace> => {
      if (folder === '/gone') throw new Error('no such folder')
      const there = Object.values(disks).filter(({ disk }) => disk.folder === folder)
      const used = there.reduce((sum, disk) => sum + disk.used(), 0)
      return { fileSystem: folders.indexOf(folder), totalBytes, freeBytes: totalBytes - used }
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

test('gives up rollups when no other day is left', async () => {
  const metrics = createDisk(['2026-03-01', '2026-03-10'], 90.5 * gibibyte, {
    rollups: ['2026-01-01', '2026-01-06'],
  })
  const logs = createDisk(['2026-03-02', '2026-03-10'], 0)
  const { watching, events } = watch({ metrics, logs })
  await vi.waitFor(() => expect(watching.health()[0]?.state).toBe('yellow'))
  await watching.close()
  expect(events.map((text) => JSON.parse(text).message.text)).toEqual([
    'gave up the metrics of default of 2026-03-01',
    'gave up the logs of default of 2026-03-02',
    'gave up the 5m rollups of default from 2026-01-01',
  ])
})

test('looks at each file system by itself, and at the others when one cannot be asked', async () => {
  const old = ['2026-03-01', '2026-03-02', '2026-03-03', '2026-03-04', '2026-03-10']
  const metrics = createDisk(old, 10 * gibibyte, { folder: '/metrics' })
  const logs = createDisk(old, 91 * gibibyte, { folder: '/logs' })
  const more = createDisk(old, 99 * gibibyte, { folder: '/gone' })
  const { watching } = watch({ more, metrics, logs })
  await vi.waitFor(() => expect(watching.health()[0]?.state).toBe('yellow'))
  await watching.close()
  expect(metrics.days()).toEqual(old)
  expect(more.days()).toEqual(old)
  expect(logs.days()).toEqual(['2026-03-04', '2026-03-10'])
  expect(watching.health()[0]?.reason).toBe(
    'no such folder; the disk of logs was nearly full: gave up the logs of default of 2026-03-03',
  )
})

test('leaves out a day that somebody reads, and gives up the next one', async () => {
  const metrics = createDisk(
    ['2026-03-01', '2026-03-02', '2026-03-05', '2026-03-06', '2026-03-07'],
    90 * gibibyte,
    { busy: ['2026-03-01', '2026-03-05'] },
  )
  const logs = createDisk(['2026-03-01', '2026-03-03'], 0)
  const { watching } = watch({ metrics, logs })
  await vi.waitFor(() => expect(watching.health()[0]?.state).toBe('yellow'))
  await watching.close()
  expect(metrics.days()).toEqual(['2026-03-01', '2026-03-05', '2026-03-07'])
  expect(logs.days()).toEqual([])
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
