import { gzipSync } from 'node:zlib'
import { Client, errors } from '@elastic/elasticsearch'
import { exchanges } from '@warren/contracts/topology'
import { startFaultProxy } from '@warren/test-servers/fault-proxy'
import { compress } from 'snappyjs'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { createLogger } from 'winston'
import LokiTransport from 'winston-loki'
import { secrets, startTestCollector, type TestCollector } from './testing.ts'

let world: TestCollector

beforeAll(async () => {
  world = await startTestCollector()
})
afterAll(() => world?.close())
beforeEach(() => world.forget())

const patience = { timeout: 60_000, interval: 100 }

type Row = Readonly<Record<string, unknown>>

const records = (): readonly Row[] =>
  world
    .received()
    .filter(({ exchange }) => exchange === exchanges.logs)
    .flatMap(({ body }) => body.trimEnd().split('\n'))
    .map((line) => JSON.parse(line))

/** The records that came, once there are so many. */
const untilRecords = (count: number): Promise<readonly Row[]> =>
  vi.waitFor(() => {
    expect(records().length).toBeGreaterThanOrEqual(count)
    return records()
  }, patience)

interface Post {
  readonly token?: string
  readonly headers?: Record<string, string>
  readonly method?: string
}

const send = (
  path: string,
  body: string | Buffer | undefined,
  { token = secrets.writes, headers = {}, method = 'POST' }: Post = {},
): Promise<Response> =>
  fetch(`${world.url}${path}`, {
    method,
    body: body === undefined ? null : Buffer.from(body as string),
    headers: { authorization: `Bearer ${token}`, ...headers },
  })

interface Login {
  readonly path?: string
  readonly auth?: ConstructorParameters<typeof Client>[0]['auth']
}

function elasticsearch({ path = '/elasticsearch', auth }: Login = {}): Client {
  const client = new Client({
    node: `${world.url}${path}`,
    auth: auth ?? { username: 'shipper', password: secrets.writes },
    maxRetries: 0,
    compression: true,
  })
  onTestFinished(() => client.close())
  return client
}

const documents = (count: number) =>
  Array.from({ length: count }, (_, at) => ({
    ...{ '@timestamp': '2026-11-24T10:00:00Z', message: `order ${at}` },
    ...{ log: { level: 'error' }, host: { name: 'web-1' }, order: { number: at } },
  }))

test("takes what Elasticsearch's own client sends in bulk, gzip included", async () => {
  const stats = await elasticsearch().helpers.bulk({
    datasource: documents(500),
    flushBytes: 20_000,
    onDocument: ({ order }) => ({
      create: { _index: 'logs-shop.orders-prod', _id: `${order.number}` },
    }),
  })
  expect(stats).toMatchObject({ total: 500, successful: 500, failed: 0, aborted: false })
  const found = await untilRecords(500)
  expect(new Set(found.map(({ id }) => id)).size).toBe(500)
  expect(found.find(({ message }) => message === 'order 7')).toMatchObject({
    ...{ '@timestamp': '2026-11-24T10:00:00Z', 'log.level': 'error', severity_number: 17 },
    ...{ 'host.name': 'web-1', 'event.dataset': 'shop_orders', attributes: { 'order.number': 7 } },
  })
  expect(world.received()[0]?.key).toBe('default.-.-')
})

test('tells the client of each item that can be no record', async () => {
  const answer = await elasticsearch().bulk({
    index: 'app',
    operations: [
      ...[{ index: { _id: 'a' } }, { message: 'good' }],
      ...[{ index: { _id: 'b' } }, { '@timestamp': 'yesterday' }],
      { delete: { _id: 'c' } },
    ],
  })
  expect(answer.errors).toBe(true)
  expect(answer.items).toMatchObject([
    { index: { _id: 'a', status: 201, result: 'created' } },
    { index: { _id: 'b', status: 400, error: { type: 'document_parsing_exception' } } },
    { delete: { _id: 'c', status: 400, error: { type: 'illegal_argument_exception' } } },
  ])
  expect((await untilRecords(1)).map(({ message }) => message)).toEqual(['good'])
})

test('gives what is sent twice the same ids', async () => {
  const client = elasticsearch()
  const operations = [{ create: { _index: 'app', _id: 'a' } }, { message: 'x' }]
  await client.bulk({ operations })
  await client.bulk({ operations })
  const [first, second] = await untilRecords(2)
  expect(first?.['id']).toBe(second?.['id'])
})

test.each([
  { auth: { apiKey: { id: 'any', api_key: secrets.writes } } },
  { auth: { apiKey: secrets.writes } },
  { auth: { bearer: secrets.writes } },
  { path: '' },
])('knows its sender by $auth at path "$path"', async (login) => {
  const client = elasticsearch(login)
  await client.bulk({ operations: [{ create: { _index: 'app' } }, { message: 'x' }] })
  await untilRecords(1)
})

test('goes through the handshake of shippers', async () => {
  const client = elasticsearch()
  expect((await client.info()).version.number).toMatch(/^8\./)
  expect(await client.ping()).toBe(true)
  expect((await client.license.get()).license).toMatchObject({ status: 'active' })
  expect((await client.xpack.info()).features.ilm).toMatchObject({ available: false })
  expect((await client.cluster.health()).status).toBe('green')
  expect((await client.nodes.info({ metric: 'http' })).nodes).toEqual({})
  expect(await client.indices.existsIndexTemplate({ name: 'filebeat' })).toBe(true)
  expect(await client.indices.existsTemplate({ name: 'logstash' })).toBe(true)
  expect(await client.indices.existsAlias({ name: 'filebeat' })).toBe(true)
  expect(await client.indices.exists({ index: 'app' })).toBe(true)
  expect(await client.ilm.getLifecycle({ name: 'filebeat' })).toHaveProperty('filebeat')
  expect(await client.ingest.getPipeline({ id: 'p' })).toHaveProperty('p')
  const { data_streams } = await client.indices.getDataStream({ name: 'filebeat-8' })
  expect(data_streams[0]?.name).toBe('filebeat-8')
  const made = await client.indices.putIndexTemplate(
    { name: 'filebeat', index_patterns: ['filebeat-*'], template: { mappings: {} } },
    { meta: true },
  )
  expect([made.body, made.warnings?.[0]]).toEqual([
    { acknowledged: true },
    expect.stringContaining('not used'),
  ])
  await client.ingest.putPipeline({ id: 'p', processors: [] })
  await client.ilm.putLifecycle({ name: 'p', policy: { phases: {} } })
  await expect(client.search({ index: 'app' })).rejects.toThrow('no handler found')
})

test('refuses senders that may not write, in the shape of Elasticsearch', async () => {
  for (const secret of ['bad', secrets.reads]) {
    const client = elasticsearch({ auth: { username: 'x', password: secret } })
    const bulk = () => client.bulk({ operations: [{ index: {} }, {}] })
    for (const call of [() => client.info(), bulk]) {
      const error = await call().catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(errors.ResponseError)
      expect(error).toMatchObject({
        statusCode: 401,
        body: { error: { type: 'security_exception', reason: 'authorization failed' } },
      })
    }
  }
  expect(records()).toEqual([])
})

test('answers 400 for rubbish and 413 for what is too large, packed or not', async () => {
  const status = async (...given: Parameters<typeof send>) => (await send(...given)).status
  const large = `{"index":{}}\n{"message":"${'x'.repeat(1_000)}"}\n`.repeat(4_000)
  const gzip = { headers: { 'content-encoding': 'gzip' } }
  expect(await status('/app/_bulk', large)).toBe(413)
  expect(await status('/app/_bulk', gzipSync(large), gzip)).toBe(413)
  expect(await status('/app/_bulk', 'no gzip', gzip)).toBe(400)
  expect(await status('/app/_bulk', 'x', { headers: { 'content-encoding': 'br' } })).toBe(415)
  expect(await status('/app/_bulk', 'rubbish\n')).toBe(400)
  expect(await status('/_bulk', '{"index":{}}\n{}\n')).toBe(400)
  expect(await status('/elasticsearch/_index_template/x', large, { method: 'PUT' })).toBe(413)
  expect(records()).toEqual([])
})

test.each([{ json: true }, { json: false }])(
  'takes what winston-loki sends, $json',
  async ({ json }) => {
    const failed: unknown[] = []
    const proxy = await startFaultProxy(world.url)
    onTestFinished(() => proxy.close())
    const transport = new LokiTransport({
      ...{ host: proxy.url, basicAuth: `any:${secrets.writes}`, json, batching: false },
      labels: { app: 'shop', region: 'eu' },
      onConnectionError: (error) => void failed.push(error),
    })
    const logger = createLogger({ transports: [transport] })
    onTestFinished(() => void logger.close())
    logger.error('order 7 failed', { labels: { host: 'web-1' } })
    logger.info('order 8 "taken" ä')
    const found = await untilRecords(2)
    expect(failed).toEqual([])
    const [first] = found.filter(({ message }) => String(message).includes('order 7'))
    expect(first).toMatchObject({
      ...{
        'log.level': 'error',
        severity_number: 17,
        'service.name': 'shop',
        'host.name': 'web-1',
      },
      ...{ 'event.dataset': 'loki', attributes: { region: 'eu' } },
    })
    expect(Math.abs(Date.now() - Date.parse(String(first?.['@timestamp'])))).toBeLessThan(60_000)
    expect(found.some(({ message }) => String(message).includes('order 8 "taken" ä'))).toBe(true)
    expect(world.received()[0]?.key).toBe('default.-.-')
    // It takes to JSON where it has no snappy.
    const type = json ? 'application/json' : 'application/x-protobuf'
    expect(new Set(proxy.requests.map(({ headers }) => headers['content-type']))).toEqual(
      new Set([type]),
    )
  },
)

const push = '/loki/api/v1/push'
const json = { 'content-type': 'application/json' }
const lineOf = (text: string): string =>
  JSON.stringify({ streams: [{ stream: { app: 'a' }, values: [['1700000000000000001', text]] }] })

test('takes a push once, gzip or plain, and answers 204; its tenant is that of the token', async () => {
  const gzip = { ...json, 'content-encoding': 'gzip', 'x-scope-orgid': 'acme' }
  expect((await send(push, gzipSync(lineOf('x')), { headers: gzip })).status).toBe(204)
  expect((await send(push, lineOf('x'), { headers: json })).status).toBe(204)
  const [first, second] = await untilRecords(2)
  expect(first).toMatchObject({ '@timestamp': '2023-11-14T22:13:20.000000001Z' })
  expect(first?.['id']).toBe(second?.['id'])
  expect(new Set(world.received().map(({ key }) => key))).toEqual(new Set(['default.-.-']))
  const ready = await send('/ready', undefined, { method: 'GET' })
  expect([ready.status, await ready.text()]).toEqual([200, 'ready\n'])
})

test('tells a pusher why it refuses', async () => {
  const refused = async (body: string | Buffer, options: Post = {}) => {
    const answer = await send(push, body, options)
    return [answer.status, await answer.text()]
  }
  const says = (text: string) => expect.stringContaining(text)
  const protobuf = { headers: { 'content-type': 'application/x-protobuf' } }
  expect(await refused(lineOf('x'), { token: 'bad' })).toEqual([401, says('failed')])
  expect(await refused(lineOf('x'), { token: secrets.reads })).toEqual([401, says('failed')])
  expect(await refused('{', { headers: json })).toEqual([400, says('not a push of Loki')])
  expect(await refused('rubbish', protobuf)).toEqual([400, says('corrupt snappy')])
  const rubbish = Buffer.from(compress(Buffer.alloc(100, 0x0b)))
  expect(await refused(rubbish, protobuf)).toEqual([400, says('not a push of Loki')])
  const bomb = Buffer.from(compress(Buffer.alloc(4 * 1024 ** 2)))
  expect(await refused(bomb, protobuf)).toEqual([413, says('Too Large')])
  const large = lineOf('x'.repeat(4_000_000))
  expect(await refused(large, { headers: json })).toEqual([413, says('Too Large')])
  const packed = { headers: { ...json, 'content-encoding': 'gzip' } }
  expect(await refused(gzipSync(large), packed)).toEqual([413, says('Too Large')])
  const zstd = { headers: { ...protobuf.headers, 'content-encoding': 'zstd' } }
  expect(await refused('x', zstd)).toEqual([415, says('snappy')])
  expect(records()).toEqual([])
  const partly = `{"streams":[{"stream":{},"values":[["5","${'x'.repeat(1_100_000)}"],["5","good"]]}]}`
  expect(await refused(partly, { headers: json })).toEqual([400, says('left out: 1')])
  expect((await untilRecords(1))[0]).toMatchObject({ message: 'good' })
})

test('keeps what fits on disk while the broker is away, answers 503 past that', async () => {
  await world.rabbitmq.kill()
  const client = elasticsearch()
  const operations = [{ create: { _index: 'app', _id: 'kept' } }, { message: 'kept' }]
  expect((await client.bulk({ operations })).errors).toBe(false)
  expect((await send(push, lineOf('pushed'), { headers: json })).status).toBe(204)
  const many = `{"index":{}}\n{"message":"${'x'.repeat(1_000)}"}\n`.repeat(2_000)
  const answer = await send('/app/_bulk', many)
  expect(answer.status).toBe(503)
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
  const pushed = await send(push, lineOf('x'.repeat(1_040_000)), { headers: json })
  expect([pushed.status, Number(pushed.headers.get('retry-after')) > 0]).toEqual([503, true])
  await world.rabbitmq.start()
  // What the broker had not seen acknowledged comes again.
  const came = () => new Set(records().map(({ message }) => message))
  await vi.waitFor(() => {
    expect(came().has('kept')).toBe(true)
    expect(came().has('pushed')).toBe(true)
  }, patience)
})
