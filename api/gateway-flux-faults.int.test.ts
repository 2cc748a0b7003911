import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { influx2 } from '@warren/stores/metrics/influx2'
import { type Fault, type FaultProxy, startFaultProxy } from '@warren/test-servers/fault-proxy'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Recorder, startRecorder } from './gateway/flux/recorder.testing.ts'
import { openTestApi, type TestApi } from './testing.ts'

/** Below Grafana's 30 s; short, so that what hangs is not waited for. */
const deadlineMs = 1500
const mb = 1024 ** 2
/** Of answers together; two of the large ones of these tests fill it. */
const answersBytes = 24 * mb

let recorder: Recorder
let store: FaultProxy
let test: TestApi
let authorization: string

beforeAll(async () => {
  recorder = await startRecorder()
  recorder.answer = (response) => response.writeHead(200, csvType).end(csv)
  store = await startFaultProxy(recorder.url)
  const settings = { url: store.url, token: 'w', org: 'o', readTokens: { default: 'r' } }
  const metricStore = await influx2.create(influx2.settings.parse(settings), { dataDir: '' })
  test = await openTestApi({ queries: { deadlineMs, answersBytes } }, { metricStore })
  authorization = `Token ${await test.tokenOf('viewer')}`
})
afterAll(async () => {
  await test?.close()
  await store?.close()
  await recorder?.close()
})
afterEach(() => store.always(undefined))

const csvType = { 'content-type': 'text/csv; charset=utf-8' }
const head = [
  '#datatype,string,long,dateTime:RFC3339,double,string',
  '#group,false,false,false,false,true',
  '#default,_result,,,,',
  ',result,table,_time,_value,host',
  '',
].join('\r\n')
const row = ',,0,2026-08-01T00:00:00Z,1.5,a\r\n'
const csv = `${head}${row}\r\n`
const html = '<html><body>Bad gateway</body></html>'

const ok = (body: string): Fault => ({ kind: 'answer', status: 200, headers: csvType, body })
const part = (ending: 'stall' | 'cut'): Fault => ({
  ...{ kind: 'part', status: 200, headers: csvType, ending },
  // More than a packed stream keeps to itself.
  body: head + row.repeat(10_000),
})

/** What the store does, and words of the reason that a panel shows. */
const faults: readonly (readonly [name: string, fault: Fault, reason: RegExp])[] = [
  ['is down', { kind: 'cut' }, /cannot be reached/],
  ['loses its answer', { kind: 'lose answer' }, /cannot be reached/],
  ['hangs', { kind: 'hang' }, /took longer than 1\.5 s/],
  ['is slower than the deadline', { kind: 'slow', ms: 3000 }, /took longer than 1\.5 s/],
  ['stalls after rows', part('stall'), /took longer than 1\.5 s/],
  ['cuts the connection after rows', part('cut'), /the answer was cut/],
  ['ends within a row', ok(csv.slice(0, -12)), /no whole annotated CSV/],
  ['answers HTML with 200', ok(html), /no whole annotated CSV.*200 <html>/],
  ['answers JSON with 200', ok('{"results":[]}'), /no whole annotated CSV/],
  ['answers nothing with 200', ok(''), /no whole annotated CSV/],
  ['answers HTML with 502', { kind: 'answer', status: 502, body: html }, /502/],
]

const program = 'from(bucket: "warren") |> range(start: -1h)'
const annotated = { annotations: ['datatype', 'group', 'default'], delimiter: ',', header: true }

function ask(encoding: string, dialect: object = annotated): Promise<Response> {
  return test.fetch('/gateway/influxdb/api/v2/query?org=o', {
    method: 'POST',
    headers: {
      ...{ authorization, 'content-type': 'application/json' },
      'accept-encoding': encoding,
    },
    body: JSON.stringify({ dialect, query: program, type: 'flux' }),
  })
}

describe.each(['gzip', 'identity'])('to who takes %s', (encoding) => {
  it.each(faults)('a store that %s is an error that a panel shows, in time', async (...given) => {
    const [, fault, reason] = given
    store.always(fault)
    const startMs = performance.now()
    const response = await ask(encoding)
    const answer: unknown = await response.json()
    expect(response.status).toBeGreaterThanOrEqual(500)
    expect(answer).toEqual({ code: 'unavailable', message: expect.stringMatching(reason) })
    expect(JSON.stringify(answer)).not.toMatch(/node:internal|\/packages\//)
    expect(performance.now() - startMs).toBeLessThan(deadlineMs + 2000)
  })

  it.each([
    ['rows', csv],
    ['nothing found', '\r\n'],
    ['an error within the answer', 'error,reference\r\nout of memory,\r\n'],
    ['an error behind rows', `${csv}\r\nerror,reference\r\nout of memory,\r\n`],
  ])('%s come as the store says them', async (_, body) => {
    store.always(ok(body))
    const response = await ask(encoding)
    expect([response.status, await response.text()]).toEqual([200, body])
  })
})

it('rows without annotations and head are an answer where they were asked for so', async () => {
  const rows = ';_result;0;2026-08-01T00:00:00Z;1.5;a\r\n\r\n'
  store.always(ok(rows))
  const response = await ask('gzip', { annotations: [], delimiter: ';', header: false })
  expect([response.status, await response.text()]).toEqual([200, rows])
})

async function metricOf(name: string): Promise<number> {
  const read = test.metrics.getSingleMetric(name)?.get()
  const { values } = (await read) ?? { values: [] }
  return values.reduce((sum, { value }) => sum + value, 0)
}

const largeCsv = `${head}${row.repeat((10 * mb) / row.length)}\r\n`

it('10 MB come whole, and together take no more memory than there is for them', async () => {
  store.always(ok(largeCsv))
  let most = 0
  const look = async (): Promise<void> => {
    most = Math.max(most, await metricOf('warren_api_answer_memory_bytes'))
  }
  const sampling = setInterval(() => void look(), 5)
  const lengths = await Promise.all(
    Array.from({ length: 4 }, async () => (await (await ask('identity')).arrayBuffer()).byteLength),
  )
  clearInterval(sampling)
  expect(lengths).toEqual(lengths.map(() => largeCsv.length))
  expect(most).toBeGreaterThan(4 * mb)
  expect(most).toBeLessThanOrEqual(answersBytes * 1.125)
  await expect.poll(() => metricOf('warren_api_answer_memory_bytes'), { timeout: 5000 }).toBe(0)
})

it('who reads slowly is cut at the deadline, and has no turn at the store meanwhile: it is not the store that is slow', async () => {
  store.always(ok(largeCsv))
  const dropsBefore = await metricOf('warren_api_store_drops_total')
  const limitBefore = await metricOf('warren_api_store_limit')
  const asking = request(`${test.api.url}/gateway/influxdb/api/v2/query?org=o`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
  })
  asking.end(JSON.stringify({ dialect: annotated, query: program, type: 'flux' }))
  // Of the answer nothing but its head is read.
  const [answer] = (await once(asking, 'response')) as [IncomingMessage]
  expect(answer.statusCode).toBe(200)
  await expect.poll(() => metricOf('warren_api_queries_running'), { timeout: 1000 }).toBe(0)
  await new Promise((resolve) => setTimeout(resolve, deadlineMs + 500))
  answer.resume()
  await expect(once(answer, 'end')).rejects.toThrow(/aborted|ECONNRESET/)
  expect(await metricOf('warren_api_store_drops_total')).toBe(dropsBefore)
  expect(await metricOf('warren_api_store_limit')).toBeGreaterThanOrEqual(limitBefore)
})
