import { expect, it } from 'vitest'
import { limits } from '../../limits.ts'
import { aggregate } from '../answer.testing.ts'

const percents = [1, 25, 50, 75, 95, 99]
const ofOffset = { p: { percentiles: { field: 'log.offset', percents } } }

/** As good as random, from 0 to 2^24 - 1, each once. */
const shuffled = (at: number): number => (at * 5_179_897) & 0xffffff

function* records(count: number, offsetOf: (at: number) => number, hosts = 1) {
  for (let at = 0; at < count; at++)
    yield { 'host.name': `h${at % hosts}`, 'log.offset': offsetOf(at) }
}

/** Values of which as many are less as the percents say, but for a three hundredth of all. */
const nearRanks = (sorted: Float64Array) =>
  Object.fromEntries(
    percents.map((percent) => [
      percent.toFixed(1),
      expect.toSatisfy((value: number) => {
        const least = sorted[Math.floor((percent / 100 - 1 / 300) * sorted.length)] ?? sorted[0]
        const most = sorted[Math.ceil((percent / 100 + 1 / 300) * sorted.length)] ?? sorted.at(-1)
        return (least ?? 0) <= value && value <= (most ?? 0)
      }),
    ]),
  )

it.each([
  ['in a row', (at: number) => at],
  ['at random', shuffled],
  ['times', (at: number) => 1_790_000_000_000 + shuffled(at)],
])('are near where one bucket has more than may be kept: %s', (_, offsetOf) => {
  const count = limits.exact.percentiles.most + 400_000
  const { aggregations, most } = aggregate(ofOffset, records(count, offsetOf))
  const sorted = Float64Array.from({ length: count }, (_, at) => offsetOf(at)).sort()
  expect(aggregations.p.values).toEqual(nearRanks(sorted))
  expect(most).toBeLessThan(20 * limits.exact.percentiles.most)
})

it.each([
  ['in a row', (at: number) => at],
  ['at random', shuffled],
])('are near where there is one more than may be kept: %s', (_, offsetOf) => {
  const count = limits.exact.percentiles.most + 1
  const { aggregations } = aggregate(ofOffset, records(count, offsetOf))
  const sorted = Float64Array.from({ length: count }, (_, at) => offsetOf(at)).sort()
  expect(aggregations.p.values).toEqual(nearRanks(sorted))
})

it('are near in many buckets, however many values these have together', () => {
  const byHost = { hosts: { terms: { field: 'host.name', size: 500 }, aggs: ofOffset } }
  const count = limits.keptValues + 200_000
  const { aggregations, most } = aggregate(byHost, records(count, shuffled, 500))
  expect(aggregations.hosts.buckets).toHaveLength(500)
  for (const { p } of aggregations.hosts.buckets) {
    const values = Object.values(p.values)
    expect(values).toEqual(values.toSorted((one, other) => Number(one) - Number(other)))
    expect(Math.abs(p.values['50.0'] / 0xffffff - 0.5)).toBeLessThan(0.05)
  }
  expect(most).toBeLessThan(16 * count)
})
