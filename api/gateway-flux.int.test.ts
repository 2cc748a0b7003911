import { InfluxDB } from '@influxdata/influxdb-client'
import { influx2 } from '@warren/stores/metrics/influx2'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Recorder, startRecorder } from './gateway/flux/recorder.testing.ts'
import { openTestApi, type TestApi } from './testing.ts'

let recorder: Recorder
let test: TestApi
let token: string
let without: string

beforeAll(async () => {
  recorder = await startRecorder()
  const metricStore = await influx2.create(
    influx2.settings.parse({
      ...{ url: recorder.url, token: 'writes-everything', org: 'o & o' },
      readTokens: { default: 'reads-default' },
    }),
    { dataDir: '' },
  )
  test = await openTestApi({ queries: { maxAnswerBytes: 100_000 } }, { metricStore })
  token = await test.tokenOf('viewer')
  without = await test.tokenOf('viewer', 'acme')
})
afterAll(async () => {
  await test.close()
  await recorder.close()
})
beforeEach(() => {
  recorder.requests.length = 0
  recorder.answer = (response) => response.writeHead(200, { 'content-type': 'text/csv' }).end(csv)
})

const csv = [
  '#datatype,string,long,dateTime:RFC3339,double,string',
  '#group,false,false,false,false,true',
  '#default,_result,,,,',
  ',result,table,_time,_value,host',
  ',,0,2026-08-01T00:00:00Z,1.5,a',
  '',
  '',
].join('\r\n')

const dialect = { annotations: ['datatype', 'group', 'default'], delimiter: ',', header: true }
const hour = 'from(bucket: "warren") |> range(start: -1h)'
const path = '/gateway/influxdb/api/v2/query?org=anything'

function post(body: unknown, headers: Record<string, string> = {}, as = token): Promise<Response> {
  return test.fetch(path, {
    method: 'POST',
    headers: { authorization: `Token ${as}`, 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

const ask = (query: string): Promise<Response> => post({ dialect, query, type: 'flux' })

describe('a program of Flux', () => {
  it('goes out anew, for the bucket of the tenant and with its token alone', async () => {
    const response = await ask(`// mine\n${hour}  // |> to(bucket: "x")`)
    expect([response.status, await response.text()]).toEqual([200, csv])
    expect(response.headers.get('content-type')).toContain('text/csv')
    const [request, ...more] = recorder.requests
    expect(more).toEqual([])
    expect(request).toMatchObject({
      ...{ method: 'POST', url: '/api/v2/query?org=o%20%26%20o' },
      headers: {
        ...{ authorization: 'Token reads-default', 'content-type': 'application/json' },
        accept: 'application/csv',
      },
    })
    expect(request?.headers).not.toHaveProperty('x-grafana-user')
    expect(JSON.parse(request?.body ?? '')).toEqual({
      ...{ query: 'from(bucket: "warren_default")\n  |> range(start: -1h)', type: 'flux' },
      dialect: { ...dialect, dateTimeFormat: 'RFC3339' },
    })
  })

  it("is answered to InfluxDB's own client, rows and errors", async () => {
    const client = new InfluxDB({ url: `${test.api.url}/gateway/influxdb`, token })
    const api = client.getQueryApi('any')
    expect(await api.collectRows(hour)).toMatchObject([{ _value: 1.5, host: 'a' }])
    const refused = api.collectRows('from(bucket: "b") |> range(start: -1h)')
    await expect(refused).rejects.toMatchObject({
      ...{ statusCode: 404, code: 'not found' },
      message: expect.stringMatching(/^could not find bucket "b" \(request \S+\)$/),
    })
  })

  it('counts against the limits, and is refused by their rules before the store is asked', async () => {
    const authorization = `Bearer ${await test.tokenOf('admin')}`
    const limits = '/api/v1/limits/tenants/default'
    const before = await test.fetch(limits, { headers: { authorization } })
    const wall = { name: 'no-wall', dashboard: 'wall' }
    const set = await test.fetch(limits, {
      method: 'PUT',
      headers: {
        ...{ authorization, 'content-type': 'application/json' },
        'if-match': before.headers.get('etag') ?? '',
      },
      body: JSON.stringify({
        tenant: { requests: [{ seconds: 60, most: 1000 }] },
        blocked: [wall],
      }),
    })
    expect(set.status).toBe(200)
    const counted = await ask(hour)
    expect(counted.headers.get('ratelimit-policy')).toContain('q=1000;w=60')
    expect(counted.headers.get('ratelimit')).toMatch(/r=99\d/)
    recorder.requests.length = 0
    const blocked = await post({ query: hour }, { 'x-dashboard-uid': 'wall' })
    expect([blocked.status, await blocked.json()]).toEqual([
      403,
      {
        code: 'forbidden',
        message: expect.stringContaining('the rule no-wall of the limits blocks this query'),
      },
    ])
    expect(recorder.requests).toEqual([])
  })

  it.each<readonly [string, unknown, number, RegExp]>([
    ['a write', { query: `${hour} |> to(bucket: "x")` }, 403, /^the function "to"/],
    ['a foreign package', { query: 'import "sql"' }, 403, /^the package "sql"/],
    ['another bucket', { query: 'from(bucket: "warren_acme")' }, 404, /^could not find bucket/],
    ['what is no Flux', { query: 'from(' }, 400, /^error @1:6: found end of program/],
    ['a tree', { query: hour, ast: { type: 'Package' } }, 403, /"ast"/],
    ['a tree before', { query: hour, extern: { type: 'File' } }, 403, /"extern"/],
    ['parameters', { query: hour, params: { bucket: 'b' } }, 403, /"params"/],
    ['another language', { query: 'SHOW DATABASES', type: 'influxql' }, 403, /type "flux"/],
    ['an odd dialect', { query: hour, dialect: { delimiter: ',,' } }, 400, /dialect.delimiter/],
    ['an unknown member', { query: hour, what: 1 }, 400, /what/],
    ['no JSON', '{', 400, /not JSON/],
  ])('is refused before anybody is asked when it is %s', async (...[, body, status, message]) => {
    const response = await post(body)
    expect([response.status, await response.json()]).toEqual([
      status,
      {
        code: expect.stringMatching(/^(invalid|forbidden|not found)$/),
        message: expect.stringMatching(message),
      },
    ])
    expect(response.headers.get('content-type')).toContain('application/json')
    expect(recorder.requests).toEqual([])
  })

  it('is no raw body, and asks without credentials, a token of its own or the right method for nothing', async () => {
    const raw = await post(hour, { 'content-type': 'application/vnd.flux' })
    expect(raw.status).toBe(403)
    expect((await post({ query: hour }, {}, 'wrn_wrong')).status).toBe(401)
    const none = await post({ query: hour }, {}, without)
    expect([none.status, await none.json()]).toEqual([
      501,
      { code: 'not implemented', message: expect.stringContaining('metricStore.readTokens') },
    ])
    const read = await test.fetch(path, { headers: { authorization: `Token ${token}` } })
    expect([read.status, read.headers.get('allow')]).toEqual([405, 'POST'])
    expect(recorder.requests).toEqual([])
  })

  it('lists the own bucket without asking, which is how Grafana tests a data source', async () => {
    const response = await ask('buckets()')
    expect([response.status, await response.text()]).toEqual([
      200,
      [
        '#datatype,string,long,string,string,string,string,long',
        '#group,false,false,false,false,false,false,false',
        '#default,_result,,,,,,',
        ',result,table,name,id,organizationID,retentionPolicy,retentionPeriod',
        ',,0,warren,,,,0',
        '',
        '',
      ].join('\r\n'),
    ])
    expect(recorder.requests).toEqual([])
    const listed = await test.fetch('/gateway/influxdb/api/v2/buckets', {
      headers: { authorization: `Token ${token}` },
    })
    expect(await listed.json()).toMatchObject({ buckets: [{ name: 'warren' }] })
    const filtered = await ask('buckets() |> filter(fn: (r) => r.name !~ /^_/)')
    expect(filtered.status).toBe(200)
    expect(JSON.parse(recorder.requests[0]?.body ?? '').query).toContain(
      'array.from(rows: [{name: "warren"',
    )
  })
})

describe('an answer of the store', () => {
  it.each([
    [400, 'invalid', 'type error in warren_default', 400, 'invalid', 'type error in warren'],
    [404, 'not found', 'bucket "warren_default"', 404, 'not found', 'bucket "warren"'],
    [401, 'unauthorized', 'unauthorized', 503, 'unavailable', 'refuses our credentials'],
    [429, 'too many requests', 'queue', 503, 'unavailable', 'retry in 7 s'],
    [500, 'internal error', 'panic', 503, 'unavailable', 'panic'],
  ] as const)(
    '%i is an error that a panel shows',
    async (...[status, code, message, ...expected]) => {
      recorder.answer = (response) =>
        response
          .writeHead(status, { 'content-type': 'application/json', 'retry-after': '7' })
          .end(JSON.stringify({ code, message }))
      const response = await ask(hour)
      const [shownStatus, shownCode, shown] = expected
      expect([response.status, await response.json()]).toEqual([
        shownStatus,
        { code: shownCode, message: expect.stringContaining(shown) },
      ])
    },
  )

  it('that is too long is an error, and none of its rows', async () => {
    recorder.answer = (response) => {
      response.writeHead(200)
      for (let at = 0; at < 5000; at++) response.write(',,0,2026-08-01T00:00:00Z,1.5,a\r\n')
      response.end()
    }
    const response = await ask(hour)
    expect([response.status, await response.json()]).toEqual([
      400,
      {
        code: 'answer too large',
        message: expect.stringContaining('the answer is larger than 100000 bytes'),
      },
    ])
  })
})

it('sends InfluxQL to /query, scoped, with the token that reads', async () => {
  recorder.answer = (response) =>
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(
        '{"results":[{"statement_id":0,"series":[{"name":"cpu","columns":["time","v"],"values":[[1,2]]}]}]}',
      )
  const search = new URLSearchParams({
    db: 'warren',
    epoch: 'ms',
    q: 'SELECT v FROM cpu WHERE time > 0',
  })
  const response = await test.fetch(`/gateway/influxdb/query?${search}`, {
    headers: { authorization: `Token ${token}`, 'cache-control': 'no-cache' },
  })
  expect(await response.json()).toMatchObject({ results: [{ series: [{ values: [[1, 2]] }] }] })
  const [request] = recorder.requests
  expect(request).toMatchObject({
    ...{ method: 'POST', url: '/query' },
    headers: { authorization: 'Token reads-default' },
  })
  expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
    ...{ db: 'warren_default', epoch: 'ms' },
    q: "SELECT v FROM cpu WHERE tenant::tag = 'default' AND (time > 0)",
  })
})
