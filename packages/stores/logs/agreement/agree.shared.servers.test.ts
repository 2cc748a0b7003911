import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SearchError } from '@warren/searchdsl/errors'
import {
  classOfSearch,
  type GrafanaRow,
  isMsearch,
  searchesOf,
} from '@warren/searchdsl/grafana-rows.testing'
import { parseSearch, parseSearchText } from '@warren/searchdsl/parse/search'
import type { LogRecordLike } from '@warren/searchdsl/search-records.testing'
import type { SearchRequest } from '@warren/searchdsl/tree'
import { startElasticsearch } from '@warren/test-servers/elasticsearch'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { duckdb } from '../duckdb.ts'
import { elasticsearch } from '../elasticsearch.ts'
import type { LogStore } from '../log-store.ts'
import { searchOf, type TestRecord, toBatch } from '../testing.ts'
import { grafanaRecords, toOurFields } from './grafana-records.testing.ts'
import { readLogSets } from './log-sets.testing.ts'
import { luceneTexts } from './lucene-generator.testing.ts'

const tenant = `t${randomBytes(8).toString('hex')}`
/** Whose records lie in the time that the captured requests ask about. */
const grafanaTenant = `g${randomBytes(8).toString('hex')}`
/** The long form asks thousands, of every line; the short one of each eighth. */
const wanted = process.env['WARREN_LUCENE_QUERIES']
const count = Number(wanted ?? 150)
const seed = Number(process.env['WARREN_LUCENE_SEED'] ?? Date.now() % 2 ** 31)

const given = process.env['WARREN_TEST_ELASTICSEARCH']
const folder = join(String(process.env['WARREN_SHARED']), 'data/loghub2k')
const records = readLogSets(folder).filter((_, at) => wanted !== undefined || at % 8 === 0)

interface Server {
  readonly url: string
  readonly close?: () => Promise<void>
}

let server: Server
let external: LogStore
let embedded: LogStore
let dataDir: string

beforeAll(async () => {
  server = given === undefined ? await startElasticsearch() : { url: given }
  dataDir = await mkdtemp(join(tmpdir(), 'warren-lucene-'))
  const { url } = server
  external = await elasticsearch.create(elasticsearch.settings.parse({ url }), { dataDir: '' })
  embedded = await duckdb.create(duckdb.settings.parse({}), { dataDir })
  for (let at = 0; at < records.length; at += 2000)
    await writeBoth(tenant, records.slice(at, at + 2000))
  await writeBoth(grafanaTenant, grafanaRecords)
  await fetch(`${url}/logs-warren.*-*/_refresh`, { method: 'POST' })
})

async function writeBoth(owner: string, part: readonly LogRecordLike[]): Promise<void> {
  for (const store of [external, embedded])
    expect(await store.write(toBatch(owner, part as readonly TestRecord[]))).toEqual({
      refused: [],
    })
}

afterAll(async () => {
  await external?.close()
  await embedded?.close()
  await server?.close?.()
  await rm(dataDir, { recursive: true, force: true })
})

const body = (query: string) => ({
  size: 0,
  track_total_hits: true,
  query: { query_string: { query, analyze_wildcard: true, default_field: 'message' } },
})

/** Undefined where we refuse the text. */
function parse(query: string): SearchRequest | undefined {
  try {
    return parseSearch(body(query))
  } catch (error) {
    if (error instanceof SearchError) return undefined
    throw error
  }
}

const countOf = async (store: LogStore, request: SearchRequest) =>
  (await searchOf(store, { tenant, request })).hits.total?.value

/** What Elasticsearch itself counts for each text, unparsed by us; undefined where it fails. */
async function askDirectly(queries: readonly string[]): Promise<(number | undefined)[]> {
  const header = JSON.stringify({ index: `logs-warren.*-${tenant}` })
  const lines = queries.map((query) => `${header}\n${JSON.stringify(body(query))}\n`)
  const response = await fetch(`${server.url}/_msearch`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: lines.join(''),
  })
  const { responses } = (await response.json()) as {
    responses: { hits?: { total: { value: number } } }[]
  }
  return responses.map(({ hits }) => hits?.total.value)
}

interface Difference {
  readonly query: string
  readonly embedded: number | undefined
  readonly rebuilt: number | undefined
  readonly direct: number | undefined
}

it('counts as Elasticsearch does, its own reading of the text and ours', async () => {
  const queries = fc.sample(luceneTexts(records), { seed, numRuns: count })
  const accepted = queries.flatMap((query) => {
    const request = parse(query)
    return request === undefined ? [] : [{ query, request }]
  })
  const differences: Difference[] = []
  let found = 0
  for (let at = 0; at < accepted.length; at += 100) {
    const part = accepted.slice(at, at + 100)
    const direct = await askDirectly(part.map(({ query }) => query))
    for (const [i, { query, request }] of part.entries()) {
      const stores = [embedded, external].map((store) => countOf(store, request))
      const [own, rebuilt] = await Promise.all(stores)
      const counts = { embedded: own, rebuilt, direct: direct[i] }
      if (Number(counts.embedded) > 0) found++
      if (counts.embedded !== counts.rebuilt || counts.embedded !== counts.direct)
        differences.push({ query, ...counts })
    }
  }
  const equal = (accepted.length - differences.length) / accepted.length
  console.log(
    `seed ${seed}: ${queries.length} queries, ${accepted.length} accepted, ${found} find something, ${(equal * 100).toFixed(2)} % equal`,
    differences.slice(0, 40),
  )
  expect(accepted.length).toBeGreaterThan(queries.length * 0.8)
  expect(found).toBeGreaterThan(accepted.length * 0.5)
  expect(equal, `seed ${seed}`).toBeGreaterThanOrEqual(0.99)
}, 3_600_000)

const lines = readFileSync(
  join(String(process.env['WARREN_SHARED']), 'conformance/grafana/elasticsearch.jsonl'),
  'utf8',
)
  .trim()
  .split('\n')

/** Searches that every server can run, as sent and about our fields. */
const compared = lines
  .map((line): GrafanaRow => JSON.parse(line))
  .filter(isMsearch)
  .flatMap((row) => searchesOf(row).map((text) => ({ name: `${row.id}, ${row.note}`, text })))
  .filter(({ text }) => classOfSearch(JSON.parse(text)).kind === 'compared')

/** What may differ: the time it took, the shards there are, the place in the index by which equal hits are ordered, and the order of a record's names. */
function comparable(answer: object): string {
  const parts = (key: string, value: unknown) => {
    if (['took', '_shards', 'doc_count_error_upper_bound'].includes(key)) return undefined
    if (key === 'sort' && Array.isArray(value)) return value.slice(0, 1)
    if (['_source', 'fields', 'highlight'].includes(key)) return Object.entries(value ?? {}).sort()
    return typeof value === 'number' ? Number(value.toPrecision(12)) : value
  }
  return JSON.stringify(answer, parts, 1)
}

/** A text about our fields may ask of numbers what only texts have: then both stores are spared the question. */
const parseOurs = (text: string): SearchRequest | undefined => {
  try {
    return parseSearchText(toOurFields(text))
  } catch (error) {
    if (error instanceof SearchError) return undefined
    throw error
  }
}

it.each(compared)('$name: both log stores answer the same', async ({ text }) => {
  const requests = [parseSearchText(text), parseOurs(text)]
  for (const request of requests.filter((one) => one !== undefined)) {
    const [own, theirs] = await Promise.all(
      [embedded, external].map((store) => searchOf(store, { tenant: grafanaTenant, request })),
    )
    expect(comparable(own ?? {})).toBe(comparable(theirs ?? {}))
  }
})

it('most captured searches find something among our fields', async () => {
  let found = 0
  for (const { text } of compared) {
    const request = parseOurs(text)
    if (request === undefined) continue
    const { hits } = await searchOf(embedded, { tenant: grafanaTenant, request })
    if (Number(hits.total?.value) > 0) found++
  }
  expect(found).toBeGreaterThan(compared.length * 0.6)
})
