import { type Bucket, type Found, type Hit, search } from '../http/search.ts'

/** What the page asks for: all of it is in its address. */
export interface LogQuestion {
  /** Lucene; empty is everything. */
  readonly text: string
  readonly fromMs: number
  readonly toMs: number
}

export interface LogAnswer {
  readonly question: LogQuestion
  readonly hits: readonly Hit[]
  readonly total: number
  /** The total is a lower bound. */
  readonly more: boolean
  readonly histogram: readonly Bucket[]
  readonly intervalMs: number
  readonly facets: Readonly<Record<string, readonly Bucket[]>>
}

export const facetFields = [
  'log.level',
  'host.name',
  'service.name',
  'event.dataset',
  'log.file.path',
] as const

export const pageSize = 200
const steps = [1, 5, 10, 30, 60, 300, 600, 1800, 3600, 10_800, 43_200, 86_400].map((s) => s * 1000)

const intervalOf = ({ fromMs, toMs }: LogQuestion): number =>
  steps.find((step) => (toMs - fromMs) / step <= 80) ?? 86_400_000

function toQuery({ text, fromMs, toMs }: LogQuestion): object {
  const range = { range: { '@timestamp': { gte: fromMs, lte: toMs, format: 'epoch_millis' } } }
  if (text.trim() === '') return { bool: { filter: [range] } }
  return { bool: { filter: [range, { query_string: { analyze_wildcard: true, query: text } }] } }
}

const newestFirst = [
  { '@timestamp': { order: 'desc', unmapped_type: 'boolean' } },
  { _doc: { order: 'desc' } },
]

function toBodies(question: LogQuestion): object[] {
  const query = toQuery(question)
  const intervalMs = intervalOf(question)
  const bounds = { min: question.fromMs, max: question.toMs }
  const over = {
    field: '@timestamp',
    fixed_interval: `${intervalMs}ms`,
    min_doc_count: 0,
    extended_bounds: bounds,
    format: 'epoch_millis',
  }
  return [
    { size: pageSize, query, sort: newestFirst, track_total_hits: true },
    { size: 0, query, aggs: { 1: { date_histogram: over } } },
    ...facetFields.map((field) => ({
      size: 0,
      query,
      aggs: { 1: { terms: { field, size: 8, order: { _count: 'desc' }, min_doc_count: 1 } } },
    })),
  ]
}

const bucketsOf = (found: Found | undefined): readonly Bucket[] =>
  found?.aggregations?.['1']?.buckets ?? []

export async function searchLogs(question: LogQuestion, signal: AbortSignal): Promise<LogAnswer> {
  const [page, histogram, ...facets] = await search(toBodies(question), signal)
  return {
    question,
    hits: page?.hits.hits ?? [],
    total: page?.hits.total?.value ?? 0,
    more: page?.hits.total?.relation === 'gte',
    histogram: bucketsOf(histogram),
    intervalMs: intervalOf(question),
    facets: Object.fromEntries(
      facetFields.map((field, index) => [field, bucketsOf(facets[index])]),
    ),
  }
}
