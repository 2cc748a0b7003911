import { gzipSync } from 'node:zlib'
import { Client, errors } from '@elastic/elasticsearch'
import { exchanges } from '@warren/contracts/topology'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
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

test('keeps what fits on disk while the broker is away, answers 503 past that', async () => {
  await world.rabbitmq.kill()
  const client = elasticsearch()
  const operations = [{ create: { _index: 'app', _id: 'kept' } }, { message: 'kept' }]
  expect((await client.bulk({ operations })).errors).toBe(false)
  const many = `{"index":{}}\n{"message":"${'x'.repeat(1_000)}"}\n`.repeat(2_000)
  const answer = await send('/app/_bulk', many)
  expect(answer.status).toBe(503)
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
  await world.rabbitmq.start()
  expect((await untilRecords(1))[0]).toMatchObject({ message: 'kept' })
})
