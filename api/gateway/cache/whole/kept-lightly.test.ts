import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { gunzipSync } from 'node:zlib'
import { parseQuery } from '@warren/influxql/parse'
import { scopeStatement } from '@warren/influxql/scope'
import { expect, it } from 'vitest'
import { toAnswer } from '../../influxdb/answer-query.ts'
import { AnswerBody } from '../../influxdb/body/answer-body.ts'
import { Room } from '../../memory/answer-room.ts'
import { asker } from '../asker.testing.ts'
import { toBodySource } from '../buckets/encode-stretch.ts'
import { toStretch } from '../buckets/stretch.ts'
import { KeptAnswers } from '../kept-answers.ts'
import { cachedQuery } from './cached-query.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
const maxBytes = 1e6
const stepMs = 10_000
const count = 400

/** What is alive is not gone at once: callbacks of this turn may have it still. */
const isGone = (ref: WeakRef<object>): Promise<void> =>
  expect
    .poll(() => {
      collect()
      return ref.deref() === undefined
    })
    .toBe(true)

it('a kept answer that was sent does not keep who asked for it', async () => {
  const kept = new KeptAnswers<never>({ maxBytes, maxBytesPerTenant: maxBytes })
  const answerQuery = cachedQuery(async () => toAnswer([{ statement_id: 0 }]), {
    ...{ kept, room: new Room(maxBytes), now: () => 0 },
  })
  const [statement] = parseQuery('SELECT v FROM m WHERE time > 0 AND time < 9')
  if (statement === undefined) throw new Error('BUG: it is a statement')
  const statements = [scopeStatement(statement, { database: 'warren', tenant: 'a' })]
  const ask = async () => {
    const own = asker()
    const { share, cache } = await answerQuery({ statements, epoch: 'ms', nowNs: 0n }, own)
    share?.settle(0)
    return { own: new WeakRef(own), state: cache?.state }
  }
  const { own, state } = await ask()
  await isGone(own)
  expect([state, (await ask()).state]).toEqual(['miss', 'hit'])
})

it('an answer that is packed does not keep the buckets that it was put together of', async () => {
  const values = Array.from({ length: count }, (_, at) => [at * stepMs, at / 7])
  const results = [{ statement_id: 0, series: [{ name: 'm', columns: ['time', 'v'], values }] }]
  const open = async () => {
    const frame = { startMs: 0, stepMs, count }
    const whole = toStretch(results[0], frame, ['null'])
    const stretch = toStretch(results[0], frame, ['null'])
    if (whole === undefined || stretch === undefined) throw new Error('BUG: it is laid out so')
    const parts = { whole, kept: stretch, keptFromMs: stepMs, keptToMs: (count - 3) * stepMs }
    const filling = { absences: ['null'], fill: { kind: 'null' } } as const
    const body = new AnswerBody(toBodySource(parts, filling))
    const plain = (await body.encoded({ maxBytes })).join()
    return { whole: new WeakRef(whole), body, plain }
  }
  const { whole, body, plain } = await open()
  await isGone(whole)
  expect(JSON.parse(plain.toString())).toEqual({ results })
  expect(gunzipSync((await body.gzipped({ maxBytes })).join()).equals(plain)).toBe(true)
})
