import { expect, it } from 'vitest'
import { limits } from '../../limits.ts'
import { aggregate } from '../answer.testing.ts'

const byTrace = { traces: { cardinality: { field: 'trace.id' } } }
const byHost = { hosts: { terms: { field: 'host.name', size: 500 }, aggs: byTrace } }

/** Over records of `traces` ids each on `hosts` hosts. */
function answerOf(aggs: object, { hosts, traces }: { hosts: number; traces: number }) {
  function* records() {
    for (let at = 0; at < hosts * traces; at++)
      yield { 'host.name': `h${at % hosts}`, 'trace.id': `t${Math.floor(at / hosts)}` }
  }
  return aggregate(aggs, records())
}

const near = (count: number) =>
  expect.toSatisfy((value: number) => Math.abs(value - count) <= count * 4 * 0.0081)

it('is exact for as many as Elasticsearch counts exactly at most', () => {
  const { most } = limits.exact.cardinality
  expect(answerOf(byTrace, { hosts: 2, traces: most }).aggregations).toEqual({
    traces: { value: most },
  })
})

it('is an estimate beyond, and holds no more for more', () => {
  const fewer = answerOf(byTrace, { hosts: 1, traces: 60_000 })
  const more = answerOf(byTrace, { hosts: 1, traces: 600_000 })
  expect(fewer.aggregations).toEqual({ traces: { value: near(60_000) } })
  expect(more.aggregations).toEqual({ traces: { value: near(600_000) } })
  expect(more.most).toBe(fewer.most)
})

it('is exact for fewer where many buckets have many', () => {
  const { least, ofAll } = limits.exact.cardinality
  const few = answerOf(byHost, { hosts: 200, traces: least })
  expect(few.aggregations.hosts.buckets).toHaveLength(200)
  for (const { traces } of few.aggregations.hosts.buckets) expect(traces).toEqual({ value: least })
  const many = answerOf(byHost, { hosts: 200, traces: 5000 })
  for (const { traces } of many.aggregations.hosts.buckets)
    expect(traces).toEqual({ value: near(5000) })
  // What all may keep, and beyond it what each may.
  expect(many.most).toBeLessThan((ofAll + 200 * least) * 100)
})

it('orders buckets', () => {
  const terms = { field: 'host.name', size: 2, order: { traces: 'desc' } }
  const { aggregations } = answerOf(
    { hosts: { terms, aggs: byTrace } },
    { hosts: 3, traces: 50_000 },
  )
  expect(aggregations.hosts.buckets).toHaveLength(2)
})
