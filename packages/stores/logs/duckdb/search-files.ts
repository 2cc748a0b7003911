import type { DuckDBConnection } from '@duckdb/node-api'
import { dataStreamOf } from '@warren/contracts/names'
import type { Hit, SearchAnswer } from '@warren/searchdsl/answer'
import { SearchError, toSearchFailure } from '@warren/searchdsl/errors'
import { createCollector } from '@warren/searchdsl/evaluate/collector'
import { createHitPrinter } from '@warren/searchdsl/evaluate/hits/hit-body'
import { type Ranked, TopHits } from '@warren/searchdsl/evaluate/hits/top-hits'
import { compileMatcher } from '@warren/searchdsl/evaluate/match/matcher'
import { timeRangeOf } from '@warren/searchdsl/evaluate/match/prune'
import type { SearchRequest } from '@warren/searchdsl/tree'
import { storeError, toQuestionError } from '../../duckdb/store-error.ts'
import type { LogSearch } from '../log-store.ts'
import { AggregationRoom } from './aggregation-room.ts'
import type { DaySearch } from './day-search.ts'
import { EarlyEnd } from './early-end.ts'
import { exactSql } from './exact-sql.ts'
import { hitOrder } from './hit-order.ts'
import type { LogFiles } from './log-files.ts'
import { columnsOfQuery, columnsOfResult } from './needed-columns.ts'
import { PageRoom } from './page-room.ts'
import { prefilterSql } from './prefilter-sql.ts'
import { pushedGroups } from './pushed-groups.ts'
import { readRows } from './read-rows.ts'
import { LocatedRow, searchDay } from './search-day.ts'
import { type Company, Turn } from './turn.ts'
import { wordSearchOf } from './words/word-search.ts'

/** A search as it crosses to the worker. */
export type WorkerSearch = Omit<LogSearch, 'signal'>

export interface FoundAnswer {
  readonly answer: SearchAnswer
  /** What its aggregations take of a heap, about. */
  readonly aggregationBytes: number
}

const dayMs = 86_400_000

/** Two passes: find the matches with the few columns they need, then read the whole rows of the page. */
export async function searchFiles(
  files: LogFiles,
  search: WorkerSearch,
  company: Company,
): Promise<FoundAnswer> {
  const { signal } = company
  const startedMs = performance.now()
  const room = new PageRoom()
  const aggregationRoom = new AggregationRoom()
  const connection = await files.engine.connect()
  const interrupt = () => connection.interrupt()
  signal.addEventListener('abort', interrupt)
  try {
    const daySearch = prepare(search, { ...company, aggregationRoom })
    await searchDays(files, connection, { search, daySearch })
    const { collector, streams } = daySearch
    const tookMs = performance.now() - startedMs
    const answer = collector.answer({ tookMs, shards: streams.size })
    const aggregationBytes = collector.answerBytes
    if ('error' in answer) return { answer, aggregationBytes: 0 }
    const hits = await printPage(files, connection, { search, daySearch, room })
    return { answer: { ...answer, hits: { ...answer.hits, hits } }, aggregationBytes }
  } catch (error) {
    if (error instanceof SearchError) return { answer: toSearchFailure(error), aggregationBytes: 0 }
    throw signal.aborted
      ? storeError('aborted', 'the query was cancelled', error)
      : toQuestionError(error)
  } finally {
    room.release()
    aggregationRoom.release()
    signal.removeEventListener('abort', interrupt)
    connection.closeSync()
  }
}

/** The days of the range, in the order of the hits where there is one. */
async function searchDays(
  files: LogFiles,
  connection: DuckDBConnection,
  { search, daySearch }: Prepared,
): Promise<void> {
  const { earlyEnd, order, range, signal } = daySearch
  const days = await daysOf(files, search, range)
  const newestFirst = order?.newestFirst ?? earlyEnd?.newestFirst ?? false
  for (const day of newestFirst ? days.toReversed() : days) {
    if (earlyEnd?.isReached) return
    await withDay(files, { search, day, signal }, (file) => searchDay(connection, file, daySearch))
  }
}

interface Prepared {
  readonly search: WorkerSearch
  readonly daySearch: DaySearch
}

interface Running extends Company {
  readonly aggregationRoom: AggregationRoom
}

function prepare(search: WorkerSearch, { aggregationRoom, ...company }: Running): DaySearch {
  const { tenant, request, nowMs } = search
  const exact = exactSql(request.query, { tenant, nowMs })
  return {
    request,
    tenant,
    streams: datasetsOf(search),
    where: exact ?? prefilterSql(request.query, { tenant, nowMs }),
    matcher: exact === undefined ? compileMatcher(request.query, nowMs) : undefined,
    groups: exact === undefined ? undefined : pushedGroups(request.aggs),
    order: exact === undefined ? undefined : hitOrder(request),
    earlyEnd: exact === undefined ? EarlyEnd.of(request) : undefined,
    words: exact === undefined ? wordSearchOf(request.query, { tenant, nowMs }) : undefined,
    range: timeRangeOf(request.query, nowMs),
    queryColumns: exact === undefined ? columnsOfQuery(request.query) : new Set(),
    resultColumns: columnsOfResult(request),
    collector: createCollector(withoutHits(request), nowMs, aggregationRoom),
    hits: new TopHits(request),
    ...company,
  }
}

function withoutHits({ searchAfter: _, ...request }: SearchRequest): SearchRequest {
  return { ...request, size: 0, from: 0, sort: [] }
}

/** Streams of this tenant, by dataset; any other name is unknown and holds nothing. */
function datasetsOf({ tenant, streams }: WorkerSearch): ReadonlyMap<string, string> {
  const named = new Set(streams)
  const prefix = dataStreamOf('', '').length - 1
  return new Map(
    [...named]
      .map((stream) => [stream.slice(prefix, -tenant.length - 1), stream] as const)
      .filter(([dataset, stream]) => dataStreamOf(dataset, tenant) === stream),
  )
}

async function daysOf(
  files: LogFiles,
  { tenant }: WorkerSearch,
  { minMs, maxMs }: DaySearch['range'],
): Promise<number[]> {
  const days = await files.days.days(tenant)
  return days.filter((day) => (day + 1) * dayMs > minMs && day * dayMs <= maxMs)
}

interface OneDay {
  readonly search: WorkerSearch
  readonly day: number
  readonly signal: AbortSignal
}

type Leased = NonNullable<Awaited<ReturnType<LogFiles['days']['leaseForRead']>>>

async function withDay(
  files: LogFiles,
  { search, day, signal }: OneDay,
  work: (file: Leased) => Promise<void>,
): Promise<void> {
  if (signal.aborted) throw storeError('aborted', 'the query was cancelled')
  const lease = await files.days.leaseForRead(search.tenant, day)
  // Retention may have removed it meanwhile.
  if (lease === undefined) return
  try {
    await work(lease)
  } finally {
    lease.release()
  }
}

interface Page extends Prepared {
  readonly room: PageRoom
}

async function printPage(
  files: LogFiles,
  connection: DuckDBConnection,
  { search, daySearch, room }: Page,
): Promise<readonly Hit[]> {
  const page = daySearch.hits.page()
  const located = page.flatMap(({ record }) => (record instanceof LocatedRow ? [record] : []))
  const rows = new Map<number, Ranked['record']>()
  for (const [day, ofDay] of Map.groupBy(located, (row) => row.day))
    await withDay(files, { search, day, signal: daySearch.signal }, async (file) => {
      for (const row of await readRows(connection, file, { daySearch, rows: ofDay, room }))
        rows.set(row.order, row)
    })
  const print = createHitPrinter(search.request, search.nowMs)
  const turn = new Turn(daySearch)
  const hits: Hit[] = []
  for (const { key, record } of page) {
    const full = rows.get(record.order)
    if (full !== undefined) hits.push(print({ key, record: full }))
    if (turn.isOver) await turn.next()
  }
  return hits
}
