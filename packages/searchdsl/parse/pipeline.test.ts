import { expect, test } from 'vitest'
import { printPipeline } from '../print/pipeline.ts'
import { parsePipeline } from './pipeline.ts'

test.each([
  ['90s', 90_000],
  ['1m', 60_000],
  ['second', 1000],
  ['minute', 60_000],
  ['hour', 3_600_000],
  ['day', 86_400_000],
  ['1w', 604_800_000],
  ['week', 604_800_000],
  // A year of 365.2425 days, and its parts.
  ['1M', 2_629_746_000],
  ['month', 2_629_746_000],
  ['1q', 7_889_238_000],
  ['quarter', 7_889_238_000],
  ['1y', 31_556_952_000],
  ['year', 31_556_952_000],
])('a derivative by %s', (text, ms) => {
  const body = { buckets_path: '_count', unit: text }
  const pipeline = parsePipeline('derivative', body)
  expect(pipeline).toMatchObject({ unit: { text, ms } })
  expect(pipeline && printPipeline(pipeline)).toEqual(body)
})

test.each(['2w', 'weeks', '0s', 'x', 'constructor'])('a derivative by no %s', (unit) => {
  expect(() => parsePipeline('derivative', { buckets_path: '_count', unit })).toThrow('[unit]')
})
