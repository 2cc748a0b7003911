import type { StatementResult } from '@warren/influxql/answers/result'
import { parseQuery } from '@warren/influxql/parse'
import { scopeStatement } from '@warren/influxql/scope'
import { beforeEach, expect, it } from 'vitest'
import {
  type AskAnew,
  type MetricAnswer,
  type ScopedQuery,
  toAnswer,
} from '../../influxdb/answer-query.ts'
import { asker } from '../asker.testing.ts'
import { KeptAnswers } from '../kept-answers.ts'
import type { WholeAnswers } from './asked-once.ts'
import { type CacheOptions, cachedQuery } from './cached-query.ts'

const startMs = Date.UTC(2026, 10, 20, 12)
let nowMs = startMs
beforeEach(() => {
  nowMs = startMs
})

const toQuery = (text: string, tenant = 'a', epoch: ScopedQuery['epoch'] = 'ms'): ScopedQuery => ({
  statements: parseQuery(text).map((each) => scopeStatement(each, { database: 'warren', tenant })),
  epoch,
  nowNs: BigInt(nowMs) * 1_000_000n,
})

const resultsOf = async ({ body }: MetricAnswer) =>
  JSON.parse((await body.encoded({ maxBytes: 1e6 })).join().toString()).results

/** A store that is asked by hand. */
function byHand(options: Partial<CacheOptions> = {}) {
  const asked: {
    readonly query: ScopedQuery
    readonly signal: AbortSignal
    answer(results?: readonly StatementResult[]): void
    fail(error: unknown): void
  }[] = []
  const ask: AskAnew = (query, { signal }) => {
    const { promise, resolve, reject } = Promise.withResolvers<ReturnType<typeof toAnswer>>()
    const results = [{ statement_id: 0, series: [{ columns: ['v'], values: [[asked.length]] }] }]
    asked.push({
      ...{ query, signal, fail: reject },
      answer: (given = results) => resolve(toAnswer(given)),
    })
    return promise
  }
  const kept: WholeAnswers = new KeptAnswers({ maxBytes: 1e6, maxBytesPerTenant: 1e6 })
  return { asked, answerQuery: cachedQuery(ask, { kept, now: () => nowMs, ...options }) }
}

const live = () =>
  `SELECT mean(v) FROM m WHERE time >= ${nowMs - 60_000}ms AND time <= ${nowMs}ms GROUP BY time(10s)`

it('asks once for all who ask within a step of the grid, and again in the next', async () => {
  const { asked, answerQuery } = byHand()
  const answers = [0, 1000, 2999].map((afterMs) => {
    nowMs = startMs + afterMs
    return answerQuery(toQuery(live()), asker())
  })
  asked[0]?.answer()
  const states = (await Promise.all(answers)).map(({ cache }) => cache?.state)
  expect([asked.length, states]).toEqual([1, ['miss', 'hit', 'hit']])
  nowMs = startMs + 4999
  expect((await answerQuery(toQuery(live()), asker())).cache).toEqual({ state: 'hit', ageMs: 4999 })
  nowMs = startMs + 5000
  void answerQuery(toQuery(live()), asker())
  expect(asked).toHaveLength(2)
})

it('gives no answer that was asked for more than 5 s ago, kept or on its way', async () => {
  const { asked, answerQuery } = byHand()
  const past = `SELECT v FROM m WHERE time >= 0 AND time <= 1000ms`
  const first = answerQuery(toQuery(past), asker())
  nowMs += 5000
  void answerQuery(toQuery(past), asker())
  expect(asked).toHaveLength(2)
  asked[0]?.answer()
  await first
  nowMs += 1
  void answerQuery(toQuery(past), asker())
  expect(asked).toHaveLength(2)
})

it('shares nothing between tenants, policies, epochs or texts', () => {
  const { asked, answerQuery } = byHand()
  const text = 'SELECT last(v) FROM m'
  const queries = [
    toQuery(text),
    toQuery(text, 'a', 's'),
    { ...toQuery(text), epoch: undefined },
    toQuery('SELECT last(v) FROM "5m".m'),
    toQuery('SELECT last(v) FROM m; SHOW MEASUREMENTS'),
    toQuery("SELECT last(v) FROM m WHERE h = 'x'"),
  ]
  for (const query of queries) void answerQuery(query, asker())
  void answerQuery(toQuery(text, 'b'), asker({ tenant: 'b' }))
  // A tree that says nothing of its tenant.
  const shown = toQuery('SHOW RETENTION POLICIES')
  void answerQuery(shown, asker())
  void answerQuery(shown, asker({ tenant: 'b' }))
  expect(asked).toHaveLength(queries.length + 3)
})

it('lets the others have the answer when the one who asked first leaves', async () => {
  const { asked, answerQuery } = byHand()
  const leader = new AbortController()
  const first = answerQuery(toQuery(live()), asker({ signal: leader.signal }))
  const second = answerQuery(toQuery(live()), asker())
  leader.abort(new Error('gone'))
  await expect(first).rejects.toThrow('gone')
  expect(asked[0]?.signal.aborted).toBe(false)
  asked[0]?.answer()
  expect(await resultsOf(await second)).toHaveLength(1)
})

it('stops asking when the last one has left, and asks anew for who comes then', async () => {
  const { asked, answerQuery } = byHand()
  const leaving = [new AbortController(), new AbortController()]
  const answers = leaving.map(({ signal }) => answerQuery(toQuery(live()), asker({ signal })))
  leaving[0]?.abort(new Error('gone'))
  expect(asked[0]?.signal.aborted).toBe(false)
  leaving[1]?.abort(new Error('gone too'))
  await Promise.allSettled(answers)
  expect(asked[0]?.signal.aborted).toBe(true)
  void answerQuery(toQuery(live()), asker())
  expect(asked).toHaveLength(2)
})

it('tells errors to all who wait and keeps none of them, nor warnings nor cut answers', async () => {
  const { asked, answerQuery } = byHand()
  const waiting = [1, 2].map(() => answerQuery(toQuery(live()), asker()))
  asked[0]?.fail(new Error('away'))
  for (const answer of waiting) await expect(answer).rejects.toThrow('away')
  const columns = ['time', 'v']
  const partial = { columns, values: [], partial: true }
  const spoilt: readonly StatementResult[][] = [
    [{ statement_id: 0, error: 'timeout' }],
    [{ statement_id: 0, messages: [{ level: 'warning', text: 'x' }] }],
    [{ statement_id: 0, series: [partial] }],
    [{ statement_id: 0 }, { statement_id: 1, error: 'timeout' }],
  ]
  for (const [index, results] of spoilt.entries()) {
    const answer = answerQuery(toQuery(live()), asker())
    asked[index + 1]?.answer(results)
    expect(await resultsOf(await answer)).toEqual(await resultsOf(toAnswer(results)))
  }
  expect(asked).toHaveLength(5)
})

it('asks past itself for who wants it fresh, with the range as it is', async () => {
  const { asked, answerQuery } = byHand()
  nowMs += 1234
  const answer = answerQuery(toQuery(live()), asker({ wantsFresh: true }))
  asked[0]?.answer()
  expect((await answer).cache).toEqual({ state: 'bypass', ageMs: 0 })
  expect(asked[0]?.query).toEqual(toQuery(live()))
})
