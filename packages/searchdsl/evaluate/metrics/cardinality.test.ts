import { expect, it } from 'vitest'
import { limits } from '../../limits.ts'
import { aggregate } from '../answer.testing.ts'

const traces = { traces: { cardinality: { field: 'trace.id' } } }
const byHost = (order = {}) => ({
  hosts: { terms: { field: 'host.name', size: 1000, ...order }, aggs: traces },
})

const traceId = (at: number): string => at.toString(16).padStart(32, '0')

/** Of each host records with as many trace ids; the hosts take turns. */
function* records(countOf: (host: number) => number, hosts = 1) {
  const counts = Array.from({ length: hosts }, (_, host) => countOf(host))
  for (let at = 0; at < Math.max(...counts); at++)
    for (const [host, count] of counts.entries())
      if (at < count) yield { 'host.name': `h${host}`, 'trace.id': traceId(at * hosts + host) }
}

const near = (count: number) =>
  expect.toSatisfy((value: number) => Math.abs(value - count) <= Math.ceil(count * 4 * 0.0081))

it('is exact for as many as Elasticsearch counts exactly at most', () => {
  const count = limits.exactCardinality
  function* twice() {
    yield* records(() => count)
    yield* records(() => count)
  }
  expect(aggregate(traces, twice()).aggregations).toEqual({ traces: { value: count } })
})

it('is an estimate beyond, and holds no more for more', () => {
  const fewer = aggregate(
    traces,
    records(() => 60_000),
  )
  const more = aggregate(
    traces,
    records(() => 600_000),
  )
  expect(fewer.aggregations).toEqual({ traces: { value: near(60_000) } })
  expect(more.aggregations).toEqual({ traces: { value: near(600_000) } })
  expect(more.most).toBe(fewer.most)
})

it('is an estimate of fewer where they are long, and holds no more of them', () => {
  function* pages(count: number) {
    for (let at = 0; at < count; at++)
      yield { 'host.name': 'h', 'trace.id': `${traceId(at)}${'x'.repeat(1500)}` }
  }
  const { aggregations, most } = aggregate(traces, pages(50_000))
  expect(aggregations).toEqual({ traces: { value: near(50_000) } })
  expect(most).toBeLessThan(limits.exactCardinalityBytes + 64 * 1024)
  const few = aggregate(traces, pages(2500))
  expect(few.aggregations).toEqual({ traces: { value: 2500 } })
})

it('holds little for each of many buckets that have many together', () => {
  const hosts = 1000
  const { aggregations, most } = aggregate(
    byHost(),
    records(() => 1500, hosts),
  )
  expect(aggregations.hosts.buckets).toHaveLength(hosts)
  for (const each of aggregations.hosts.buckets) expect(each.traces.value).toEqual(near(1500))
  // What all may keep first, and a sketch of each.
  expect(most).toBeLessThan(limits.exactCardinalitiesBytes + hosts * 18 * 1024)
})

it('holds no long value for each of many buckets once they have much together', () => {
  const hosts = 3000
  function* pages() {
    for (let at = 0; at < hosts * 3; at++)
      yield { 'host.name': `h${at % hosts}`, 'trace.id': `${traceId(at)}${'x'.repeat(100_000)}` }
  }
  const { aggregations, most } = aggregate(byHost({ size: hosts }), pages())
  expect(aggregations.hosts.buckets).toHaveLength(hosts)
  for (const each of aggregations.hosts.buckets) expect(each.traces.value).toBe(3)
  expect(most).toBeLessThan(limits.exactCardinalitiesBytes + hosts * 18 * 1024)
})

it.each(['asc', 'desc'])('orders buckets, %s, and is read by pipelines', (direction) => {
  const counts = [45_000, 60_000, 50_000]
  const { aggregations } = aggregate(
    {
      ...byHost({ order: { traces: direction } }),
      largest: { max_bucket: { buckets_path: 'hosts>traces' } },
    },
    records((host) => counts[host] ?? 0, counts.length),
  )
  const keys = aggregations.hosts.buckets.map(({ key }: { key: string }) => key)
  expect(keys).toEqual(direction === 'asc' ? ['h0', 'h2', 'h1'] : ['h1', 'h2', 'h0'])
  expect(aggregations.largest).toEqual({ value: near(60_000), keys: ['h1'] })
})
