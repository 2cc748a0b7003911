import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { SearchError } from '@warren/searchdsl/errors'
import { parseSearch } from '@warren/searchdsl/parse/search'
import type { SearchRequest } from '@warren/searchdsl/tree'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openEngine } from '../../../duckdb/engine.ts'
import { luceneTexts } from '../../agreement/lucene-generator.testing.ts'
import { idOf, type TestRecord, toBatch } from '../../testing.ts'
import { LogFiles } from '../log-files.ts'
import { searchFiles } from '../search-files.ts'
import { alone } from '../testing.ts'

const tenant = 'acme'
const nowMs = Date.parse('2026-03-20T00:00:00Z')
const startMs = Date.parse('2026-03-04T00:00:00Z')
const seed = Date.now() % 2 ** 31
const count = 4000
const never = new AbortController().signal

const often = fc.constantFrom('request', 'served', 'GET', 'ms', '200', 'cache', 'from')
const seldom = fc.constantFrom(
  ...[
    'Deadlock',
    'größe',
    '東京',
    'a.b.c',
    "o'neill",
    '__init__',
    'ΟΔΟΣ',
    'İstanbul',
    'e\u0301t',
    '😀',
  ],
  ...['x'.repeat(300), 'nul\0byte', '\u{10ffff}', '...', '192.168.0.1', 'user_17'],
)
const word = fc.oneof(
  { weight: 30, arbitrary: often },
  { weight: 1, arbitrary: seldom },
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 400 }).map(String) },
)
const messages = fc.sample(fc.array(word, { maxLength: 12 }), { seed, numRuns: count })

/** Two days in turn, in the order of their time; each tenth is late. */
const records: readonly TestRecord[] = messages.map((words, at) => ({
  id: idOf(String(at)),
  '@timestamp': new Date(
    startMs + (at % 2) * 86_400_000 + (at % 10 === 0 ? at / 2 : at) * 20_000,
  ).toISOString(),
  message: words.join(' '),
  'host.name': `host-${at % 7}`,
  'log.level': at % 5 === 0 ? 'error' : 'info',
  'event.dataset': at % 3 === 0 ? 'web' : 'db',
  severity_number: (at % 24) + 1,
  attributes: { event: `E${at % 9}`, line: at % 100 },
}))

const dirs: string[] = []
async function openFiles(rowsOfSegment = 300): Promise<LogFiles> {
  const dir = await mkdtemp(join(tmpdir(), 'warren-words-'))
  dirs.push(dir)
  const engine = await openEngine({ memoryLimitMb: 160, threads: 1, spillDir: join(dir, 'spill') })
  return LogFiles.open(engine, dir, { rowsOfSegment })
}

const write = (files: LogFiles, part: readonly TestRecord[]) =>
  files.write({ ...toBatch(tenant, part), bytes: Buffer.from(toBatch(tenant, part).bytes) })

/** Until nothing waits; answers how many segments were made. */
async function indexAll(files: LogFiles, atMs = nowMs): Promise<number> {
  for (let segments = 0; ; ) {
    const round = await files.indexWords(atMs, never)
    expect(round.failed).toEqual([])
    segments += round.segments
    if (round.waiting === 0) return segments
  }
}

async function search(files: LogFiles, request: SearchRequest): Promise<object> {
  const streams = ['logs-warren.web-acme', 'logs-warren.db-acme']
  const { took: _, ...answer } = {
    took: 0,
    ...(await searchFiles(files, { tenant, streams, request, nowMs }, alone)).answer,
  }
  return answer
}

let indexed: LogFiles
let plain: LogFiles
beforeAll(async () => {
  indexed = await openFiles()
  plain = await openFiles()
  for (let at = 0; at < count; at += 500)
    for (const files of [indexed, plain]) await write(files, records.slice(at, at + 500))
})
afterAll(async () => {
  await indexed?.close()
  await plain?.close()
  for (const dir of dirs) await rm(dir, { recursive: true, force: true })
})

const byTime = (order: 'asc' | 'desc') => [{ '@timestamp': { order } }, { _doc: { order } }]
const histogram = { date_histogram: { field: '@timestamp', fixed_interval: '1h' } }
const shapes = fc.constantFrom<object>(
  { size: 50, sort: byTime('desc') },
  { size: 7, sort: byTime('asc'), track_total_hits: 20 },
  { size: 20, sort: byTime('desc'), search_after: [startMs + 90_000_000, 0] },
  { size: 20, sort: [{ 'host.name': { order: 'asc' } }, { '@timestamp': { order: 'asc' } }] },
  { size: 0, aggs: { t: histogram }, track_total_hits: true },
  { size: 5, aggs: { h: { terms: { field: 'host.name' }, aggs: { t: histogram } } } },
  { size: 0, aggs: { c: { cardinality: { field: 'attributes.line' } } } },
  { size: 0, track_total_hits: 10 },
  { size: 3, track_total_hits: false },
)
const ranges = fc.oneof(
  fc.constant<object[]>([]),
  fc.tuple(fc.nat(172_800_000), fc.nat(90_000_000)).map(([from, length]) => {
    const bounds = { gte: startMs + from, lte: startMs + from + length, format: 'epoch_millis' }
    return [{ range: { '@timestamp': bounds } }]
  }),
)
const words = fc.constantFrom(
  ...['deadlock', 'Deadlock', 'GRÖSSE', 'größe', '東京', '17', '8', 'neill', 'served', 'x', ''],
)
const leaves = fc.oneof(
  words.map((value) => ({ term: { message: value } })),
  words.map((value) => ({ term: { message: { value, case_insensitive: true } } })),
  fc.array(words).map((values) => ({ terms: { message: values } })),
  fc.tuple(words, words, fc.constantFrom('and', 'or')).map(([a, b, operator]) => ({
    match: { message: { query: `${a} ${b}`, operator } },
  })),
  fc.tuple(words, words).map(([a, b]) => ({ match_phrase: { message: `${a} ${b}` } })),
)
const typed = fc.oneof(
  {
    weight: 3,
    arbitrary: luceneTexts(records as never).map((query) => ({
      query_string: { query, analyze_wildcard: true, default_field: 'message' },
    })),
  },
  { weight: 1, arbitrary: leaves },
  {
    weight: 1,
    arbitrary: fc.tuple(leaves, leaves).map(([a, b]) => ({
      bool: { must: [a], must_not: [b] },
    })),
  },
  {
    weight: 1,
    arbitrary: fc.array(leaves, { minLength: 2, maxLength: 3 }).map((should) => ({
      bool: { should, minimum_should_match: 1 },
    })),
  },
)
const requests = fc.tuple(typed, ranges, shapes)

/** Undefined where the text is refused. */
function parse([query, range, shape]: readonly [object, object[], object]) {
  try {
    return parseSearch({ ...shape, query: { bool: { filter: [...range, query] } } })
  } catch (error) {
    if (error instanceof SearchError) return undefined
    throw error
  }
}

describe('searches of words', () => {
  it('are answered with the index as without it', async () => {
    // Of the second day a rest is left that fills no segment.
    expect(await indexAll(indexed, startMs + 2 * 86_400_000)).toBeGreaterThanOrEqual(12)
    const asked = fc.sample(requests, { seed, numRuns: 120 })
    let found = 0
    for (const one of asked) {
      const request = parse(one)
      if (request === undefined) continue
      const [own, direct] = await Promise.all([indexed, plain].map((it) => search(it, request)))
      if (JSON.stringify(direct).includes('"_id"')) found++
      expect(own, `seed ${seed}: ${JSON.stringify(one)}`).toEqual(direct)
    }
    expect(found).toBeGreaterThan(10)
  })

  it('find what came after, before it is indexed and then', async () => {
    const late = records.slice(0, 700).map((record, at) => ({
      ...record,
      id: idOf(`late ${at}`),
      message: `late ${record.message ?? ''}`,
    }))
    const asked = parseSearch({
      query: { match: { message: { query: 'late deadlock', operator: 'and' } } },
      size: 100,
      sort: byTime('asc'),
    })
    for (const files of [indexed, plain]) await write(files, late)
    const direct = await search(plain, asked)
    expect(JSON.stringify(direct)).toContain('late')
    expect(await search(indexed, asked)).toEqual(direct)
    expect(await indexAll(indexed)).toBeGreaterThanOrEqual(2)
    expect(await search(indexed, asked)).toEqual(direct)
  })
})

it('indexes while more is written, and neither loses nor doubles', async () => {
  const files = await openFiles(100)
  const counted = async () => {
    const request = parseSearch({ size: 0, query: { match: { message: 'deadlock' } } })
    return (await search(files, request)) as { hits: { total: { value: number } } }
  }
  const wanted = messages.filter((all) => all.includes('Deadlock')).length
  let isWritten = false
  const written = (async () => {
    for (let at = 0; at < count; at += 250) {
      const startedMs = performance.now()
      await write(files, records.slice(at, at + 250))
      // While writes take most of the time nothing is indexed.
      await delay(2 * (performance.now() - startedMs))
    }
    isWritten = true
  })()
  while (!isWritten) {
    const { failed } = await files.indexWords(nowMs, never)
    expect(failed).toEqual([])
    expect((await counted()).hits.total.value).toBeLessThanOrEqual(wanted)
  }
  await written
  await indexAll(files)
  expect((await counted()).hits.total.value).toBe(wanted)
  await files.close()
})
