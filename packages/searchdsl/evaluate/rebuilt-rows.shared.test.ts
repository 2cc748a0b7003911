import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { expect, test } from 'vitest'
import { classOfSearch, type GrafanaRow, isMsearch, searchesOf } from '../grafana-rows.testing.ts'
import { parseSearchText } from '../parse/search.ts'
import { createCollector } from './collector.ts'
import { PlainRecordView } from './record-view.ts'

const file = join(process.env['WARREN_SHARED'] ?? '', 'conformance/grafana/elasticsearch.jsonl')
const searches = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((line): GrafanaRow => JSON.parse(line))
  .filter(isMsearch)
  .flatMap((row) => searchesOf(row).map((text) => ({ note: `${row.id}, ${row.note}`, text })))
  .filter(({ text }) => classOfSearch(JSON.parse(text)).kind === 'rebuilt')

const startMs = Date.UTC(2026, 7, 1)
const bucketMs = 30_000

/** A record: what the rows call `bytes`, and `duration`. */
type Pair = readonly [bytes: number, duration: number]

/** Of buckets of 30 s, one after the other. Sums of bytes 30, 60, none, 90, 40; averages 15, 60, none, 30, 40; maxima 20, 60, none, 30, 40; records 2, 1, 0, 3, 1. */
const some: readonly (readonly Pair[])[] = [
  [
    [10, 1],
    [20, 4],
  ],
  [[60, 3]],
  [],
  [
    [30, 2],
    [30, 2],
    [30, 2],
  ],
  [[40, 8]],
  [],
]
const one = (value: number): readonly Pair[] => [[value, 1]]
/** A season of three that repeats itself. */
const seasons = [30, 60, 90, 30, 60, 90, 30].map(one)
const constant = Array.from({ length: 15 }, () => one(10))

/** The fields by names that log records have. */
const ofRecords = (text: string): string =>
  text.replaceAll('"bytes"', '"log.offset"').replaceAll('"duration"', '"severity_number"')

function answer(text: string, buckets: readonly (readonly Pair[])[]): readonly unknown[] {
  const collector = createCollector(parseSearchText(ofRecords(text)), startMs)
  for (const [at, pairs] of buckets.entries())
    for (const [order, [bytes, duration]] of pairs.entries())
      collector.add(
        new PlainRecordView(
          { id: `${at}-${order}`, index: 'x', order: at * 10 + order },
          {
            '@timestamp': new Date(startMs + at * bucketMs + order).toISOString(),
            ...{ 'log.offset': bytes, severity_number: duration },
          },
        ),
      )
  const { aggregations } = JSON.parse(JSON.stringify(collector.answer()))
  return aggregations['2'].buckets.slice(0, buckets.length)
}

interface ByHand {
  /** What the search asks of each bucket. */
  readonly asks: object
  readonly of: readonly (readonly Pair[])[]
  /** A number, null, or nothing. */
  readonly values: readonly (number | null | undefined)[]
  /** In the unit that is asked for. */
  readonly normalized?: readonly (number | null | undefined)[]
}

const nothing = undefined
const movingAverage = { buckets_path: '1', minimize: false, model: 'simple', window: 5 }
const ofSeason = {
  ...{ buckets_path: '1', window: '10' },
  script: 'MovingFunctions.holtWinters(values, 0.3, 0.1, 0.1, 3, true)',
}
const holtWinters = { alpha: 0.5, beta: 0.3, gamma: 0.2, pad: true, period: 7 }

/** Worked out from the definitions of Elasticsearch's reference. The month has 220 bytes and 744 hours, 31 days. */
const byHand: readonly ByHand[] = [
  ...(
    [
      ['hour', 220 / 744],
      ['day', 220 / 31],
      ['month', 220],
    ] as const
  ).map(([unit, value]) => ({
    asks: { rate: { field: 'bytes', mode: 'sum', unit } },
    ...{ of: some, values: [value] },
  })),
  {
    asks: { rate: { mode: 'value_count', unit: 'second' } },
    of: some,
    values: [2 / 30, 1 / 30, 0, 3 / 30, 1 / 30, 0],
  },
  {
    asks: { derivative: { buckets_path: '_count' } },
    of: some,
    values: [nothing, -1, -1, 3, -2, -1],
  },
  // A gap has no value, and a difference with none is none.
  {
    asks: { derivative: { buckets_path: '1', unit: '1s' } },
    of: some,
    values: [nothing, 45, null, null, 10, null],
    normalized: [nothing, 45 / 30, null, null, 10 / 30, null],
  },
  {
    asks: { derivative: { buckets_path: '1', unit: '1m' } },
    of: some,
    values: [nothing, 40, null, null, 10, null],
    normalized: [nothing, 80, null, null, 20, null],
  },
  // Shifted by one: up to the bucket itself; (15 + 60) / 2, (15 + 60 + 30) / 3, (15 + 60 + 30 + 40) / 4.
  {
    asks: {
      moving_fn: {
        ...{ buckets_path: '1', shift: '1', window: '5' },
        script: 'MovingFunctions.unweightedAvg(values)',
      },
    },
    of: some,
    values: [15, 37.5, nothing, 35, 36.25, nothing],
  },
  // Before the bucket.
  {
    asks: { moving_avg: movingAverage },
    of: some,
    values: [null, 15, nothing, 37.5, 35, nothing],
  },
  // Six values tell two seasons: level 60, no trend, factors 0.5, 1, 1.5; the next is 60 * 0.5.
  {
    asks: { moving_fn: ofSeason },
    of: seasons,
    values: [null, null, null, null, null, null, 30],
  },
  // Fourteen tens: level 10, no trend, factors 10 / 10 = 1, of which each step takes its part of level and trend; after the seventh they are
  // 10 - 1.1086769609375 and -0.05376442734375, and the oldest factor 0.2 * 0 + 0.8 * 1.
  {
    asks: {
      moving_avg: { buckets_path: '1', model: 'holt_winters', settings: holtWinters, window: 30 },
    },
    of: constant,
    values: [...Array.from({ length: 14 }, () => null), 10 - 0.36244138828125],
  },
  // 30 / 5, 60 / 3, 90 / 6, 40 / 8, each times 100.
  {
    asks: {
      bucket_script: { buckets_path: { a: '1', b: '3' }, script: 'params.a / params.b * 100' },
    },
    of: some,
    values: [600, 2000, nothing, 1500, 500, nothing],
  },
]

type Aggs = Readonly<Record<string, object>>

/** The last aggregation of each bucket: what a chart shows. */
function lastOf(text: string): readonly [name: string, asks: object] {
  const { aggs } = JSON.parse(text) as { aggs: { 2: { aggs: Aggs } } }
  const last = Object.entries(aggs[2].aggs).at(-1)
  if (last === undefined) throw new Error('it asks something')
  return last
}

const rounded = (value: number | null | undefined) =>
  typeof value === 'number' ? Number(value.toPrecision(9)) : value

test.each(searches)('$note: the answer is as worked out by hand', ({ text }) => {
  const [name, asks] = lastOf(text)
  const known = byHand.find((each) => isDeepStrictEqual(each.asks, asks))
  if (known === undefined) throw new Error(`nobody has worked out ${JSON.stringify(asks)}`)
  const found = answer(text, known.of).map((bucket) => (bucket as Record<string, unknown>)[name])
  const of = (key: 'value' | 'normalized_value') =>
    found.map((each) => rounded((each as Record<string, number | null> | undefined)?.[key]))
  expect(of('value')).toEqual(known.values.map(rounded))
  if (known.normalized) expect(of('normalized_value')).toEqual(known.normalized.map(rounded))
})
