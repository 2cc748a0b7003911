import { expect, it } from 'vitest'
import { limits } from '../limits.ts'
import { parseSearch } from '../parse/search.ts'
import { createCollector } from './collector.ts'
import { PlainRecordView } from './record-view.ts'

const byTrace = { traces: { cardinality: { field: 'trace.id' } } }
const byHost = { hosts: { terms: { field: 'host.name', size: 500 }, aggs: byTrace } }

/** The answer's aggregations over records of `traces` ids each on `hosts` hosts, with the most memory that was held for them. */
function answerOf(aggs: object, { hosts, traces }: { hosts: number; traces: number }) {
  let [held, most] = [0, 0]
  const memory = {
    take(bytes: number) {
      held += bytes
      most = Math.max(most, held)
    },
    giveBack(bytes: number) {
      held -= bytes
    },
  }
  const collector = createCollector(parseSearch({ size: 0, aggs }), 0, memory)
  for (let order = 0; order < hosts * traces; order++) {
    const source = { 'host.name': `h${order % hosts}`, 'trace.id': `t${Math.floor(order / hosts)}` }
    collector.add(new PlainRecordView({ id: `${order}`, index: 'x', order }, source))
  }
  const answer = JSON.parse(JSON.stringify(collector.answer()))
  return { aggregations: answer.aggregations, most }
}

const near = (count: number) =>
  expect.toSatisfy((value: number) => Math.abs(value - count) <= count * 4 * 0.0081)

it('is exact for as many as Elasticsearch counts exactly at most', () => {
  const { exactCardinality } = limits
  expect(answerOf(byTrace, { hosts: 2, traces: exactCardinality }).aggregations).toEqual({
    traces: { value: exactCardinality },
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
  const { leastExactCardinality, exactValues } = limits
  const few = answerOf(byHost, { hosts: 200, traces: leastExactCardinality })
  expect(few.aggregations.hosts.buckets).toHaveLength(200)
  for (const { traces } of few.aggregations.hosts.buckets)
    expect(traces).toEqual({ value: leastExactCardinality })
  const many = answerOf(byHost, { hosts: 200, traces: 5000 })
  for (const { traces } of many.aggregations.hosts.buckets)
    expect(traces).toEqual({ value: near(5000) })
  // What all may keep, and beyond it what each may.
  expect(many.most).toBeLessThan((exactValues + 200 * leastExactCardinality) * 100)
})

it('orders buckets', () => {
  const terms = { field: 'host.name', size: 2, order: { traces: 'desc' } }
  const { aggregations } = answerOf(
    { hosts: { terms, aggs: byTrace } },
    { hosts: 3, traces: 50_000 },
  )
  expect(aggregations.hosts.buckets).toHaveLength(2)
})
