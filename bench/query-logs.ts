import { startRabbitmq } from '@warren/test-servers/rabbitmq'
import type { Bench, BenchOptions, Measured } from './bench.ts'
import { filledFolder } from './filled-folder.ts'
import { peakRssMb } from './process-cost.ts'
import { commonTerm, fillRecords, rareTerm, recordRange } from './queried-records.ts'
import { marksOf, type Shape, time, toDetails, worstShare } from './timed-questions.ts'
import { startWarren, type WarrenProcess } from './warren-process.ts'

const hourMs = 3_600_000
const dayMs = 86_400_000
const markMs = 150
const pageSize = 100
/** Records of the window in which a term is looked for. */
const windowRecords = 1_000_000
const histogramHours = 6

interface Range {
  readonly fromMs: number
  readonly toMs: number
}

/** Another stretch of the range for each number. */
function stretch({ fromMs, toMs }: Range, lengthMs: number, number: number): Range {
  const room = Math.max(0, toMs - fromMs - lengthMs)
  const start = fromMs + Math.floor(room * ((number * 0.618) % 1))
  return { fromMs: start, toMs: Math.min(toMs, start + lengthMs) }
}

/** As Grafana asks: a range of times, and what the user typed. */
const queryOf = ({ fromMs, toMs }: Range, typed: string): object => ({
  bool: {
    filter: [
      { range: { '@timestamp': { gte: fromMs, lte: toMs, format: 'epoch_millis' } } },
      { query_string: { analyze_wildcard: true, query: typed } },
    ],
  },
})

const byTime = {
  '2': {
    date_histogram: {
      ...{ field: '@timestamp', fixed_interval: '5m', min_doc_count: 0 },
    },
  },
}

const newestFirst = {
  size: pageSize,
  sort: [{ '@timestamp': { order: 'desc' } }, { _doc: { order: 'desc' } }],
}

interface Answer {
  readonly hits: { readonly hits: readonly object[] }
  readonly aggregations?: Readonly<Record<string, { readonly buckets: readonly object[] }>>
}

function shapesOf(warren: WarrenProcess, range: Range, items: number): readonly Shape[] {
  const windowMs = Math.min(dayMs, (dayMs * windowRecords) / items)
  const asked =
    (typed: string, lengthMs: number, body: object) =>
    async (number: number): Promise<() => number> => {
      const query = queryOf(stretch(range, lengthMs, number), typed)
      const answer = (await warren.search({ size: 0, ...body, query })) as Answer
      return () => answer.aggregations?.['2']?.buckets.length ?? answer.hits.hits.length
    }
  const page = { times: 20, markMs, minRows: pageSize }
  return [
    {
      ...{ name: 'histogram', markMs, times: 20, minRows: histogramHours * 12 },
      ask: asked('*', histogramHours * hourMs, { aggs: byTime }),
    },
    { ...page, name: 'lastHundred', ask: asked('*', histogramHours * hourMs, newestFirst) },
    { ...page, name: 'rareTerm', ask: asked(`message:${rareTerm}`, windowMs, newestFirst) },
    { ...page, name: 'commonTerm', ask: asked(`message:${commonTerm}`, windowMs, newestFirst) },
  ]
}

async function run({ items = 10_000_000, data }: BenchOptions): Promise<Measured> {
  const rabbitmq = await startRabbitmq()
  const folder = await filledFolder(data, {
    items,
    rangeOf: recordRange,
    fill: (dataDir, { fromMs }) => fillRecords(dataDir, items, fromMs),
  })
  const warren = await startWarren({ WARREN_AMQP_URL: rabbitmq.url }, folder)
  try {
    const shapes = shapesOf(warren, folder.range, items)
    const cold = []
    // Code is compiled and files are opened at the first question.
    for (const shape of shapes) cold.push(await time({ ...shape, times: 1 }, warren.pid))
    const timings = []
    for (const shape of shapes) timings.push(await time(shape, warren.pid))
    return {
      value: worstShare(timings),
      unit: 'of its mark, the slowest kind of question',
      mark: marksOf(timings),
      holds: worstShare(timings) <= 1,
      details: {
        ...{ items, ...toDetails(timings) },
        firstMs: Math.round(cold[0]?.medianMs ?? 0),
        peakRssMb: Math.round(peakRssMb(warren.pid)),
      },
    }
  } finally {
    await warren.close()
    await rabbitmq.close()
  }
}

export const queryLogs: Bench = {
  about: 'how long the gateway takes to answer of 10 M log records, embedded store',
  run,
}
