import { Client, type ClientOptions } from '@elastic/elasticsearch'
import { dataStreamOf } from '@warren/contracts/names'
import { idOf, toBatch } from '@warren/stores/logs/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { adminPassword, openTestApi, type TestApi } from './testing.ts'

let test: TestApi
let token: string
const nowMs = Date.now()

const writePoints = (tenant: string, line: string) => {
  const bytes = new TextEncoder().encode(`${line}\n`)
  const starts = Uint32Array.of(0, bytes.length)
  return test.metricStore.write({ tenant, bytes, starts })
}

beforeAll(async () => {
  test = await openTestApi({ queries: { maxAnswerBytes: 20_000 } })
  token = await test.tokenOf('viewer')
  await test.catalog.tenants.ensure('acme')
  await writePoints('default', `cpu,host=a,tenant=default usage=1.5 ${nowMs}000000`)
  await writePoints('acme', `cpu,host=secret,tenant=acme usage=9 ${nowMs}000000`)
  const at = { '@timestamp': new Date(nowMs).toISOString() }
  await test.logStore.write(
    toBatch('default', [{ id: idOf('a'), message: 'disk full', 'host.name': 'a', ...at }]),
  )
  await test.logStore.write(toBatch('acme', [{ id: idOf('b'), message: 'disk secret', ...at }]))
})
afterAll(() => test.close())

const bearer = () => ({ authorization: `Bearer ${token}` })

describe('InfluxQL', () => {
  const query = (parameters: Record<string, string>, init: RequestInit = {}) =>
    test.fetch(`/gateway/influxdb/query?${new URLSearchParams(parameters)}`, {
      ...init,
      headers: { ...bearer(), ...init.headers },
    })
  const q = 'SELECT "usage" FROM "cpu"'

  it("answers in InfluxDB's shape, with its headers", async () => {
    const response = await query({ db: 'warren', epoch: 'ms', q })
    expect(await response.text()).toBe(
      `{"results":[{"statement_id":0,"series":[{"name":"cpu","columns":["time","usage"],"values":[[${nowMs},1.5]]}]}]}\n`,
    )
    expect(response.headers.get('x-influxdb-version')).toBe('1.8.10')
    expect(response.headers.get('content-type')).toContain('application/json')
  })

  it('takes a form, whose values win over the address', async () => {
    const response = await query(
      { db: 'warren', epoch: 'ms', q: 'SELECT nonsense FROM nowhere' },
      { method: 'POST', body: new URLSearchParams({ q }) },
    )
    expect(await response.json()).toMatchObject({
      results: [{ series: [{ values: [[nowMs, 1.5]] }] }],
    })
  })

  it('shows nobody the data, names or tag of a tenant, and has an empty result for what is not there', async () => {
    for (const text of [
      'SELECT * FROM cpu',
      'SELECT * FROM /.*/ GROUP BY *',
      'SHOW TAG KEYS',
      'SHOW TAG VALUES WITH KEY =~ /.*/',
      'SHOW SERIES',
      'SHOW DATABASES',
      'SHOW RETENTION POLICIES',
      `SELECT * FROM cpu WHERE tenant = 'acme' OR host = 'secret'`,
      'SELECT usage FROM cpu WHERE 1 = 1 OR time > 0',
    ]) {
      const answer = await (await query({ db: 'warren', q: text })).text()
      expect(answer).not.toMatch(/acme|secret|tenant|default[^"]/)
    }
    const none = await query({ db: 'warren', q: 'SELECT x FROM nowhere' })
    expect(await none.text()).toBe('{"results":[{"statement_id":0}]}\n')
  })

  it('answers a query without a statement with one empty result', async () => {
    for (const text of [';', '-- nothing', '/* nothing */ ;'])
      expect(await (await query({ db: 'warren', q: text })).text()).toBe(
        '{"results":[{"statement_id":0}]}\n',
      )
  })

  it('bounds the size of an answer, and compresses it', async () => {
    const many = Array.from({ length: 2000 }, (_, at) => `SELECT usage AS u${at} FROM cpu`)
    const large = await query({ db: 'warren', q: 'SHOW DATABASES;'.repeat(100) }, {})
    expect(large.headers.get('content-encoding')).toBe('gzip')
    expect(((await large.json()) as { results: object[] }).results).toHaveLength(100)
    const response = await query(
      { db: 'warren' },
      { method: 'POST', body: new URLSearchParams({ q: many.slice(0, 99).join(';') }) },
    )
    expect([response.status, await response.text()]).toEqual([
      200,
      expect.stringContaining('"statement_id":98'),
    ])
  })
})

describe('Elasticsearch', () => {
  const open = (auth: NonNullable<ClientOptions['auth']>) =>
    new Client({ node: `${test.api.url}/gateway/elasticsearch`, auth, maxRetries: 0 })

  it.each([
    ['a token as bearer', () => ({ bearer: token })],
    ['a token as password', () => ({ username: 'grafana', password: token })],
    ['a password', () => ({ username: 'admin', password: adminPassword })],
  ])("answers Elastic's own client with %s", async (_, auth) => {
    const client = open(auth())
    expect(await client.info()).toMatchObject({ version: { number: '8.19.0' } })
    expect(await client.cluster.health()).toMatchObject({ status: 'green' })
    const header = { index: 'logs-*' }
    const { responses } = await client.msearch({
      searches: [
        header,
        { query: { match: { message: 'disk' } } },
        { index: 'logs-warren.generic-acme' },
        { query: { match_all: {} } },
        header,
        { query: { script: { script: 'true' } } as never },
        header,
        { size: 0, aggs: { hosts: { terms: { field: 'host.name', min_doc_count: 0 } } } },
      ],
    })
    expect(responses).toMatchObject([
      { status: 200, hits: { total: { value: 1 }, hits: [{ _source: { message: 'disk full' } }] } },
      { status: 200, hits: { total: { value: 0 } } },
      { status: 400, error: { reason: expect.stringContaining('script') } },
      { status: 200, aggregations: { hosts: { buckets: [{ key: 'a', doc_count: 1 }] } } },
    ])
    expect(JSON.stringify(responses)).not.toContain('secret')
    const found = await client.search({ index: '_all', query: { match_all: {} } })
    expect(found.hits.hits.map(({ _index }) => _index)).toEqual([
      dataStreamOf('generic', 'default'),
    ])
    await client.close()
  })

  it('describes the fields of its own streams only', async () => {
    const client = open({ bearer: token })
    const stream = dataStreamOf('generic', 'default')
    expect(await client.fieldCaps({ index: '*', fields: ['@timestamp', 'host.*'] })).toMatchObject({
      indices: [stream],
      fields: { '@timestamp': { date: { type: 'date' } }, 'host.name': { keyword: {} } },
    })
    const mapping = await client.indices.getMapping()
    expect(Object.keys(mapping)).toEqual([stream])
    const resolved = await client.indices.resolveIndex({ name: '*' })
    expect(resolved).toMatchObject({ indices: [], data_streams: [{ name: stream }] })
    const answersOf = async (index: string) => [
      { ...(await client.search({ index })), took: 0 },
      await client.fieldCaps({ index, fields: '*' }),
      await client.indices.getMapping({ index }),
    ]
    expect(await answersOf(dataStreamOf('generic', 'acme'))).toEqual(await answersOf('nothing'))
    await client.close()
  })

  it("refuses in Elasticsearch's shape", async () => {
    const client = open({ bearer: token })
    const refused = async (call: Promise<unknown>) => {
      const { statusCode, body } = await call.then(
        () => ({ statusCode: 200, body: {} }),
        (error) => error.meta,
      )
      expect(body).toMatchObject({
        error: { type: expect.any(String), reason: expect.any(String) },
      })
      return statusCode
    }
    expect([
      await refused(client.index({ index: 'logs', document: {} })),
      await refused(client.cat.indices()),
      await refused(client.indices.delete({ index: 'logs' })),
      await refused(client.esql.query({ query: 'FROM logs' })),
      await refused(client.search({ q: 'secret' })),
      await refused(open({ bearer: 'wrn_wrong' }).info()),
    ]).toEqual([403, 403, 403, 403, 400, 401])
    await client.close()
  })

  it('bounds the size of a body, and does not say that the store is busy', async () => {
    const client = open({ bearer: token })
    const names = Array.from({ length: 100 }, (_, at) => `${at}`.padStart(250, '.'))
    const filters = Object.fromEntries(names.map((name) => [name, { match_all: {} }]))
    const { responses } = await client.msearch({
      searches: [
        { index: 'logs-*' },
        { size: 0, aggs: { parts: { filters: { filters } } } },
        { index: 'logs-*' },
        { query: { match: { message: 'disk' } } },
      ],
    })
    const reason = expect.stringContaining('the answer is larger than 20000 bytes; ask for fewer')
    expect(responses).toMatchObject([
      { status: 400, error: { type: 'circuit_breaking_exception', reason } },
      { status: 200, hits: { total: { value: 1 } } },
    ])
    await client.close()
  })

  it('answers every search of a body that it refuses as a whole', async () => {
    const send = async (body: string, path = '_msearch') => {
      const response = await test.fetch(`/gateway/elasticsearch/${path}`, {
        method: 'POST',
        headers: { ...bearer(), 'content-type': 'application/x-ndjson' },
        body,
      })
      expect(response.status).toBe(200)
      return ((await response.json()) as { responses: { status: number }[] }).responses
    }
    expect(
      (await send('{}\n{}\n{}\n{}\n', '_msearch?source=x')).map(({ status }) => status),
    ).toEqual([400, 400])
    expect(await send('{}\n{}\n{}\n')).toHaveLength(2)
    expect(await send('')).toHaveLength(1)
    expect((await send('{}\n{"size":0}\nnot json\n{}\n')).map(({ status }) => status)).toEqual([
      200, 400,
    ])
    const form = await test.fetch('/gateway/elasticsearch/_msearch', {
      method: 'POST',
      headers: { ...bearer(), 'content-type': 'text/plain' },
      body: '{}\n{}\n',
    })
    expect(form.status).toBe(400)
  })
})

it('tails new records, each once, and resumes after the last', async () => {
  const read = async (headers: Record<string, string>, wanted: number) => {
    const stop = new AbortController()
    const response = await test.fetch('/api/v1/logs/tail?q=message:tailed', {
      headers: { ...bearer(), ...headers },
      signal: stop.signal,
    })
    expect(response.headers.get('content-type')).toContain('text/event-stream')
    return { response, stop, wanted }
  }
  const collect = async ({ response, stop, wanted }: Awaited<ReturnType<typeof read>>) => {
    let text = ''
    const decoder = new TextDecoder()
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true })
      if (text.split('data: ').length > wanted) break
    }
    stop.abort()
    return [...text.matchAll(/^id: (.+)\ndata: (.+)$/gm)].map(([, id, data]) => ({
      id: String(id),
      message: JSON.parse(String(data))._source.message as string,
    }))
  }
  const write = (name: string) =>
    test.logStore.write(
      toBatch('default', [
        { id: idOf(name), message: `tailed ${name}`, '@timestamp': new Date().toISOString() },
        { id: idOf(`other ${name}`), message: 'other', '@timestamp': new Date().toISOString() },
      ]),
    )
  await write('before')
  const first = await read({}, 2)
  const records = collect(first)
  // The first look tells old from new.
  await new Promise((resolve) => setTimeout(resolve, 1500))
  await write('one')
  await new Promise((resolve) => setTimeout(resolve, 1500))
  await write('two')
  const seen = await records
  expect(seen.map(({ message }) => message)).toEqual(['tailed one', 'tailed two'])
  await write('three')
  const resumed = await collect(await read({ 'last-event-id': String(seen[0]?.id) }, 2))
  expect(resumed.map(({ message }) => message)).toEqual(['tailed two', 'tailed three'])
}, 30_000)
