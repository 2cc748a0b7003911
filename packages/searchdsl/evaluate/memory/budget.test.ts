import { expect, it } from 'vitest'
import { limits } from '../../limits.ts'
import { parseSearch } from '../../parse/search.ts'
import { createCollector } from '../collector.ts'
import { PlainRecordView } from '../record-view.ts'
import { Budget } from './budget.ts'

it('takes memory for buckets, their metrics and the values they keep', () => {
  const takenOf = (aggs: object) => {
    let taken = 0
    const memory = {
      take(bytes: number) {
        taken += bytes
      },
      giveBack(bytes: number) {
        taken -= bytes
      },
    }
    const terms = { terms: { field: 'host.name' }, aggs }
    const collector = createCollector(parseSearch({ size: 0, aggs: { 1: terms } }), 0, memory)
    for (let order = 0; order < 4; order++) {
      const source = { 'host.name': `h${order % 2}`, 'log.offset': order }
      collector.add(new PlainRecordView({ id: `${order}`, index: 'x', order }, source))
    }
    const live = taken
    collector.answer()
    expect(collector.answerBytes).toBe(taken - live)
    return { live, answer: taken - live }
  }
  const field = 'log.offset'
  const plain = takenOf({})
  const average = takenOf({ 2: { avg: { field } } })
  expect(average.live).toBeGreaterThan(plain.live)
  expect(average.answer).toBeGreaterThan(plain.answer)
  expect(takenOf({ 2: { avg: { field } }, 3: { avg: { field } } }).live).toBe(
    2 * average.live - plain.live,
  )
  expect(takenOf({ 2: { cardinality: { field } } }).live).toBeGreaterThan(average.live)
  expect(takenOf({ 2: { extended_stats: { field } } }).answer).toBeGreaterThan(average.answer)
})

it('gives up with what to narrow, and not as a store that is busy', () => {
  const answer = new Budget()
  const large = { live: 0, answer: 1024 * 1024 }
  const answerAll = () => {
    for (let bucket = 0; bucket < 30; bucket++) answer.answerBucket(large)
  }
  expect(answerAll).toThrow(
    expect.objectContaining({
      type: 'too_many_buckets_exception',
      status: 400,
      reason: expect.stringContaining('Take a longer interval, fewer terms or fewer metrics'),
    }),
  )
  const values = new Budget()
  for (let kept = 0; kept < limits.keptValues; kept++) values.keepNumber()
  expect(() => values.keepNumber()).toThrow(expect.objectContaining({ status: 400 }))
})

it('reads a metric once a bucket, however many buckets are ordered by it', () => {
  const order = { 'm.std_deviation': 'desc' }
  const terms = {
    terms: { field: 'host.name', order },
    aggs: { m: { extended_stats: { field: 'log.offset' } } },
  }
  const collector = createCollector(parseSearch({ size: 0, aggs: { 1: terms } }), 0)
  for (let at = 0; at < 60_000; at++) {
    const source = { 'host.name': `h${(at * 7919) % 60_000}`, 'log.offset': at % 1000 }
    collector.add(new PlainRecordView({ id: `${at}`, index: 'x', order: at }, source))
  }
  const started = performance.now()
  expect(collector.answer()).toMatchObject({ status: 200 })
  expect(performance.now() - started).toBeLessThan(4000)
})
