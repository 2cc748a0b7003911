import { createHash } from 'node:crypto'
import { globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { toItemNames } from '@warren/stores/item-names'
import { duckdb as logStore } from '@warren/stores/logs/duckdb'
import { duckdb as metricStore } from '@warren/stores/metrics/duckdb'
import type { MetricStore } from '@warren/stores/metrics/metric-store'
import { joinIds } from '@warren/stores/record-ids'
import { makeTempDir, removeTempDir } from '@warren/test-servers/temp-dir'
import type { Bench, BenchOptions, Measured } from './bench.ts'
import { indexWords } from './queried-records.ts'
import { storedPoints, toLineBatch } from './stored-points.ts'

const tenant = 'default'
const perBatch = 5000
const dayMs = 86_400_000
/** A day that is over. */
const yesterdayMs = () => Math.floor(Date.now() / dayMs - 1) * dayMs

/** All that a store has left in its folder. */
function bytesBelow(folder: string): number {
  const files = globSync('**/*', { cwd: folder }).map((name) => statSync(join(folder, name)))
  return files.reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0)
}

/** Bytes in the folder that `fill` has written to, through a store that it has closed. */
async function stored(fill: (dataDir: string) => Promise<void>): Promise<number> {
  const dataDir = await makeTempDir('bench-storage')
  try {
    await fill(dataDir)
    return bytesBelow(dataDir)
  } finally {
    await removeTempDir(dataDir)
  }
}

interface ValueBytes {
  readonly asWritten: number
  readonly compacted: number
}

/** Two field values a point: a random double and an integer. */
async function bytesPerValue(points: number): Promise<ValueBytes> {
  const dataDir = await makeTempDir('bench-storage')
  const open = () => metricStore.create(metricStore.settings.parse({}), { dataDir })
  const perValue = () => bytesBelow(dataDir) / (points * 2)
  try {
    const filling = await open()
    for (const batch of storedPoints({ count: points, names: 1, startMs: yesterdayMs() }))
      await filling.write(batch)
    await filling.close()
    const asWritten = perValue()
    const compacting = await open()
    await untilCompacted(compacting, dataDir)
    await compacting.close()
    return { asWritten, compacted: perValue() }
  } finally {
    await removeTempDir(dataDir)
  }
}

/** Rollups of a day that is over are made first; then its file is replaced by another. */
async function untilCompacted(store: MetricStore, dataDir: string): Promise<void> {
  const [name = ''] = globSync('metrics/warren_*/*.duckdb', { cwd: dataDir })
  const inode = () => statSync(join(dataDir, name)).ino
  const before = inode()
  const giveUpMs = performance.now() + 300_000
  while (inode() === before) {
    if (performance.now() > giveUpMs) throw new Error('the day was not compacted')
    await store.rollUp?.(Date.now() + dayMs)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

function readMessages(): readonly string[] {
  const shared = process.env['WARREN_SHARED']
  if (shared === undefined)
    throw new Error('WARREN_SHARED names no folder: its data/loghub2k has the log lines')
  const folder = join(shared, 'data', 'loghub2k')
  const messages = globSync('*/*_2k.log', { cwd: folder })
    .sort()
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split(/\r?\n/))
    .filter((line) => line !== '')
  if (messages.length === 0) throw new Error(`no logs in ${folder}`)
  return messages
}

/** Lines of eight systems again and again, each time with a new id and time; the index of their words included. */
async function bytesPerLine(records: number): Promise<{ bytes: number; textBytes: number }> {
  const messages = readMessages()
  let textBytes = 0
  const bytes = await stored(async (dataDir) => {
    const store = await logStore.create(logStore.settings.parse({}), { dataDir })
    for (let first = 0; first < records; first += perBatch) {
      const numbers = Array.from(
        { length: Math.min(perBatch, records - first) },
        (_, at) => first + at,
      )
      const ids = numbers.map((number) =>
        createHash('sha256').update(String(number)).digest('hex').slice(0, 32),
      )
      const lines = numbers.map((number, at) => {
        const message = messages[number % messages.length] ?? ''
        textBytes += Buffer.byteLength(message)
        return JSON.stringify({
          id: ids[at],
          '@timestamp': new Date(yesterdayMs() + Math.floor(number / 20)).toISOString(),
          message,
          'host.name': `host-${number % 50}`,
          'event.dataset': 'bench',
        })
      })
      const { refused } = await store.write({
        ...toLineBatch(tenant, lines),
        ids: joinIds(ids),
        datasets: toItemNames(numbers.map(() => 'bench')),
      })
      if (refused.length > 0) throw new Error(`refused: ${refused[0]?.reason}`)
    }
    await indexWords(store)
    await store.close()
  })
  return { bytes: bytes / records, textBytes: textBytes / records }
}

const maxBytesPerValue = 12
const maxBytesPerLine = 90

async function run({ items = 1_000_000 }: BenchOptions): Promise<Measured> {
  const value = await bytesPerValue(items)
  const line = await bytesPerLine(items)
  return {
    value: value.compacted,
    unit: 'bytes/value',
    mark: `<= ${maxBytesPerValue} bytes a field value, <= ${maxBytesPerLine} bytes a log line`,
    holds: value.compacted <= maxBytesPerValue && line.bytes <= maxBytesPerLine,
    details: {
      ...{ items, bytesPerValueAsWritten: value.asWritten },
      bytesPerLine: line.bytes,
      textBytesPerLine: line.textBytes,
    },
  }
}

export const storage: Bench = {
  about: 'bytes on disk of a field value and of a log line (loghub2k), embedded stores, closed',
  run,
}
