import { mkdtemp, readdir, readlink, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseSearch } from '@warren/searchdsl/parse/search'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openEngine } from '../../../duckdb/engine.ts'
import { idOf, toBatch } from '../../testing.ts'
import { LogFiles } from '../log-files.ts'
import { searchFiles } from '../search-files.ts'
import { alone } from '../testing.ts'

const tenant = 'acme'
const dayMs = 86_400_000
const firstMs = Date.parse('2026-03-04T00:00:00Z')
const rowsOfSegment = 400
const never = new AbortController().signal

let dir: string
let files: LogFiles
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'warren-words-'))
  const engine = await openEngine({ memoryLimitMb: 160, threads: 1, spillDir: join(dir, 'spill') })
  files = await LogFiles.open(engine, dir, { rowsOfSegment })
})
afterEach(async () => {
  await files.close()
  await rm(dir, { recursive: true, force: true })
})

/** Records of a day, one in fifty with a rare word. */
async function write(day: number, count: number, from = 0): Promise<void> {
  const records = Array.from({ length: count }, (_, at) => ({
    id: idOf(`${day} ${from + at}`),
    '@timestamp': new Date(firstMs + day * dayMs + (from + at) * 100).toISOString(),
    message: `record ${from + at}${at % 50 === 0 ? ' deadlock' : ''}`,
  }))
  const batch = toBatch(tenant, records)
  expect(await files.write({ ...batch, bytes: Buffer.from(batch.bytes) })).toEqual([])
}

async function countOf(query: object): Promise<number | undefined> {
  const request = parseSearch({ size: 0, track_total_hits: true, query })
  const search = { tenant, streams: [`logs-warren.generic-${tenant}`], nowMs: 0, request }
  const { answer } = await searchFiles(files, search, alone)
  if ('error' in answer) throw new Error(JSON.stringify(answer))
  return answer.hits.total?.value
}
const rare = { match: { message: 'deadlock' } }

/** Rounds until nothing waits; answers how many segments were made. */
async function indexAll(nowMs: number): Promise<number> {
  for (let segments = 0; ; ) {
    const round = await files.indexWords(nowMs, never)
    expect(round.failed).toEqual([])
    segments += round.segments
    if (round.waiting === 0) return segments
  }
}

/** Files of the store that this process holds though they are unlinked. */
async function heldThoughGone(): Promise<readonly string[]> {
  const links = await Promise.all(
    (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')),
  )
  return links.filter((path) => path.startsWith(dir) && path.endsWith('(deleted)'))
}

it('indexes what is left of a day once the day is over, though nothing is written any more', async () => {
  await write(0, rowsOfSegment + 100)
  expect(await indexAll(firstMs + dayMs)).toBe(1)
  expect(await indexAll(firstMs + dayMs + 5 * 3_600_000)).toBe(0)
  expect(await indexAll(firstMs + dayMs + 7 * 3_600_000)).toBe(1)
  expect(await indexAll(firstMs + 9 * dayMs)).toBe(0)
})

it('gives the room of a day back that was indexed and searched', async () => {
  await write(0, 1000)
  await write(5, 1000)
  expect(await indexAll(firstMs + 9 * dayMs)).toBe(6)
  expect(await countOf(rare)).toBe(40)
  expect(await files.retain({ tenant, days: 3, nowMs: firstMs + 6 * dayMs })).toHaveLength(1)
  expect(await heldThoughGone()).toEqual([])
  expect(await countOf(rare)).toBe(20)
})

it('leaves the oldest day at once when days are to be given up', async () => {
  await write(0, 5000)
  const round = files.indexWords(firstMs + 9 * dayMs, never)
  await expect
    .poll(() => files.days.isLeased(tenant, firstMs / dayMs), { interval: 1, timeout: 10_000 })
    .toBe(true)
  const oldest = await files.oldest({ before: '2026-03-10' })
  expect(oldest).toEqual({ tenant, day: '2026-03-04' })
  if (oldest !== undefined) await files.drop(oldest)
  const { segments, failed } = await round
  expect(failed).toEqual([])
  expect(segments).toBeLessThan(13)
  expect(await heldThoughGone()).toEqual([])
  expect(await countOf(rare)).toBe(0)
})

it('keeps every answer whole while days are written, indexed, searched and given up at once', async () => {
  for (let day = 0; day < 6; day++) await write(day, 500)
  let isOver = false
  const failures: unknown[] = []
  const again = async (work: () => Promise<unknown>) => {
    while (!isOver)
      await work().catch((error: unknown) => {
        failures.push(error)
        isOver = true
      })
  }
  const retain = async () => {
    for (let day = 1; day < 6; day++) {
      await write(9, 250, day * 250)
      // As often as it takes: what is in use goes with a later call.
      while ((await files.days.days(tenant)).some((one) => one < firstMs / dayMs + day)) {
        await files.retain({ tenant, days: 1, nowMs: firstMs + (day + 1) * dayMs })
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    }
    isOver = true
  }
  await Promise.all([
    retain(),
    again(() =>
      files
        .indexWords(firstMs + 20 * dayMs, never)
        .then(({ failed }) => expect(failed).toEqual([])),
    ),
    again(async () => {
      const found = (await countOf(rare)) ?? 0
      expect(found % 5).toBe(0)
      expect(found).toBeGreaterThanOrEqual(10)
    }),
  ])
  expect(failures).toEqual([])
  await indexAll(firstMs + 20 * dayMs)
  expect(await countOf(rare)).toBe(10 + 5 * 5)
  expect(await heldThoughGone()).toEqual([])
})
