import { expect, test } from 'vitest'
import { parseSearch } from '../../parse/search.ts'
import { createCollector } from '../collector.ts'
import { PlainRecordView } from '../record-view.ts'

/** A value a day; the third day's record has none, and the fourth day has no record. */
const days: readonly (number | undefined)[] = [11, 21, undefined, undefined, 41, 51]
const startMs = Date.UTC(2026, 2, 4)

const views = days.flatMap((value, day) => {
  if (day === 3) return []
  const timestamp = new Date(startMs + day * 86_400_000).toISOString()
  const source = value === undefined ? {} : { severity_number: value }
  const place = { id: String(day), index: 'x', order: day }
  return [new PlainRecordView(place, { '@timestamp': timestamp, ...source })]
})

/** What the pipeline says of each day: a number, null, or nothing. */
function values(metric: 'max' | 'min', pipeline: object): readonly (number | null | undefined)[] {
  const aggs = { 1: { [metric]: { field: 'severity_number' } }, 3: pipeline }
  const along = { field: '@timestamp', calendar_interval: '1d', min_doc_count: 0 }
  const collector = createCollector(
    parseSearch({ size: 0, aggs: { 2: { date_histogram: along, aggs } } }),
    0,
  )
  for (const view of views) collector.add(view)
  const answer = JSON.parse(JSON.stringify(collector.answer()))
  return answer.aggregations['2'].buckets.map(
    (bucket: Record<string, { value?: number } | undefined>) => bucket['3']?.value,
  )
}

const isPositive = {
  bucket_script: { buckets_path: { a: '1' }, script: 'params.a > 0 ? 1 : 2' },
}
const average = {
  moving_fn: {
    buckets_path: '1',
    window: 2,
    shift: 1,
    script: 'MovingFunctions.unweightedAvg(values)',
  },
}

test.each<['max' | 'min', object, readonly (number | null | undefined)[]]>([
  ['max', average, [11, 16, undefined, undefined, 31, 46]],
  ['min', average, [11, 16, undefined, undefined, 31, 46]],
  ['max', isPositive, [1, 1, undefined, undefined, 1, 1]],
  ['min', isPositive, [1, 1, undefined, undefined, 1, 1]],
  ['max', { cumulative_sum: { buckets_path: '1' } }, [11, 32, 32, 32, 73, 124]],
  [
    'max',
    { serial_diff: { buckets_path: '1' } },
    [undefined, 10, undefined, undefined, undefined, 10],
  ],
])('a day whose records lack the field is a gap, of %s: %j', (metric, pipeline, expected) => {
  expect(values(metric, pipeline)).toEqual(expected)
})
