import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { HttpError, InfluxDB, Point, type WriteApi } from '@influxdata/influxdb-client'
import { compress } from 'snappyjs'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { toWriteRequest } from './prometheus/testing.ts'
import { toRequestV2 } from './prometheus/testing-v2.ts'
import { startTestCollector, type TestCollector } from './testing.ts'

let world: TestCollector

beforeAll(async () => {
  world = await startTestCollector()
})
afterAll(() => world?.close())
beforeEach(() => world.forget())

const patience = { timeout: 60_000, interval: 100 }

const arrived = (text: string) =>
  vi.waitFor(
    () =>
      expect(
        world
          .received()
          .map(({ body }) => body)
          .join(''),
      ).toContain(text),
    {
      timeout: 60_000,
    },
  )

interface Post {
  readonly path?: string
  readonly headers?: Record<string, string>
}

const post = (
  body: string | Buffer,
  { path = '/write?db=warren&p=good', headers = {} }: Post = {},
): Promise<Response> =>
  fetch(`${world.url}${path}`, { method: 'POST', body: Buffer.from(body as string), headers })

async function write(api: WriteApi): Promise<void> {
  api.writePoint(
    new Point('cpu').tag('host', 'web 1').floatField('v', 1.5).timestamp(1_700_000_000),
  )
  await api.flush()
  await api.close()
}

const quick = { maxRetries: 0, gzipThreshold: 0 }

test('takes the InfluxDB 2 client, gzip and a precision of seconds included', async () => {
  const client = new InfluxDB({ url: world.url, token: 'good' })
  await write(client.getWriteApi('any', 'warren', 's', quick))
  await arrived('cpu,host=web\\ 1 v=1.5 1700000000000000000\n')
  expect(world.received()[0]?.key).toBe('default.-.web%201')
})

test('takes the InfluxDB 1 client with name and password', async () => {
  const client = new InfluxDB({ url: world.url, token: 'me:good' })
  const api = client.getWriteApi('', '', 's', quick)
  api.path = '/write?db=warren&precision=s'
  await write(api)
  await arrived('cpu,host=web\\ 1 v=1.5 1700000000000000000\n')
})

test('refuses a wrong token as each client expects it', async () => {
  const failed: unknown[] = []
  const options = { ...quick, writeFailed: async (error: Error) => void failed.push(error) }
  await write(
    new InfluxDB({ url: world.url, token: 'bad' }).getWriteApi('', 'warren', 's', options),
  )
  expect(failed).toHaveLength(1)
  expect(failed[0]).toBeInstanceOf(HttpError)
  expect(failed[0]).toMatchObject({ statusCode: 401, code: 'unauthorized' })
  expect((await post('a v=1', { path: '/write?db=warren' })).status).toBe(401)
  expect((await post('a v=1', { path: '/write?db=warren&u=x&p=bad' })).status).toBe(401)
  expect((await post('a v=1', { path: '/write?db=warren&p=reads' })).status).toBe(401)
  const basic = `Basic ${Buffer.from('x:good').toString('base64')}`
  const answer = await post('a v=1', {
    path: '/write?db=warren',
    headers: { authorization: basic },
  })
  expect(answer.status).toBe(204)
})

test('stores good lines beside bad ones, and names the bad', async () => {
  const answer = await post('good,host=h v=1 1\nbad\nfine v=2 2')
  expect(answer.status).toBe(400)
  expect(await answer.json()).toEqual({
    error: "partial write: unable to parse 'bad': missing fields dropped=1",
  })
  await arrived('good,host=h v=1 1\nfine v=2 2\n')
  const all = await post('bad', {
    path: '/api/v2/write?bucket=warren',
    headers: { authorization: 'Token good' },
  })
  expect(all.status).toBe(400)
  expect(await all.json()).toEqual({
    code: 'invalid',
    message: "unable to parse 'bad': missing fields",
  })
})

test('knows one database, and says which it does not', async () => {
  const other = await post('a v=1', { path: '/write?db=other&p=good' })
  expect([other.status, await other.json()]).toEqual([
    404,
    { error: 'database not found: "other"' },
  ])
  const none = await post('a v=1', { path: '/write?p=good' })
  expect([none.status, await none.json()]).toEqual([400, { error: 'database is required' }])
  const bad = await post('a v=1', { path: '/write?db=warren&p=good&precision=day' })
  expect(bad.status).toBe(400)
})

test('answers 413 for what is too large, packed or not', async () => {
  const large = `a v=1 1\n`.repeat(400_000)
  expect((await post(large)).status).toBe(413)
  expect((await post(gzipSync(large), { headers: { 'content-encoding': 'gzip' } })).status).toBe(
    413,
  )
  const broken = await post('no gzip', { headers: { 'content-encoding': 'gzip' } })
  expect(broken.status).toBe(400)
  expect((await post(large.slice(0, 2_000_000))).status).toBe(204)
  await vi.waitFor(
    () => expect(world.received().reduce((sum, { body }) => sum + body.length, 0)).toBe(2_000_000),
    {
      timeout: 10_000,
    },
  )
  expect(world.received().every(({ body }) => body.length <= 1024 ** 2)).toBe(true)
})

const remoteWrite = (body: Buffer, headers: Record<string, string> = {}): Promise<Response> =>
  post(Buffer.from(compress(body)), {
    path: '/api/v1/write',
    headers: {
      ...{ authorization: 'Bearer good', 'content-encoding': 'snappy' },
      ...{ 'content-type': 'application/x-protobuf', ...headers },
    },
  })

test("takes Prometheus' remote write, and counts what it leaves out", async () => {
  const samples = [
    [1, 1_700_000_000_000],
    [0x7ff0000000000002n, 1_700_000_001_000],
  ] as const
  const answer = await remoteWrite(
    toWriteRequest([{ labels: { __name__: 'up', job: 'a' }, samples }]),
  )
  expect(answer.status).toBe(204)
  await arrived('up,job=a value=1 1700000000000000000\n')
  expect(world.received()[0]?.key).toBe('default.-.shipper')
  expect(await world.registry.metrics()).toContain(
    'warren_collector_prometheus_left_out_total{reason="stale_marker"} 1',
  )
  const partial = await remoteWrite(
    toWriteRequest([
      { labels: { job: 'nameless' }, samples },
      { labels: { __name__: 'named' }, samples },
    ]),
  )
  expect([partial.status, await partial.text()]).toEqual([
    400,
    'partial write: a series without __name__ dropped=1\n',
  ])
  await arrived('named value=1 1700000000000000000\n')
})

test("sends Prometheus' metadata on, which come without series, once", async () => {
  const about = (help: string) =>
    toWriteRequest([], { families: [{ type: 2, name: 'temperature_celsius', help }] })
  for (const help of ['Warm.', 'Warm.', 'Warmer.'])
    expect((await remoteWrite(about(help))).status).toBe(204)
  await arrived('"what":"Warmer."')
  const meaning = { measurement: 'temperature_celsius', field: 'value', mtype: 'gauge', unit: '°C' }
  expect(world.received().map(({ body }) => body)).toEqual(
    ['Warm.', 'Warmer.'].map((what) => `${JSON.stringify({ ...meaning, what })}\n`),
  )
})

test('takes remote write 2.0, and says how much of it was written', async () => {
  const two = { 'content-type': 'application/x-protobuf;proto=io.prometheus.write.v2.Request' }
  const write = async (body: Buffer) => {
    const { status, headers } = await remoteWrite(body, two)
    const written = ['samples', 'histograms', 'exemplars'].map((kind) =>
      headers.get(`x-prometheus-remote-write-${kind}-written`),
    )
    return [status, ...written]
  }
  const symbols = ['', '__name__', 'second', 'Of two.']
  const samples = [{ value: 1, timestamp: 1_700_000_000_000 }]
  const good = { labels_refs: [1, 2], samples, metadata: { type: 2, help_ref: 3 } }
  const histograms = [{ sum: 1 }]
  const all = toRequestV2(symbols, [good, { labels_refs: [1, 2], histograms }])
  expect(await write(all)).toEqual([204, '1', '0', '0'])
  await arrived('second value=1 1700000000000000000\n')
  await arrived('"measurement":"second","field":"value","mtype":"gauge","what":"Of two."')
  const some = toRequestV2(symbols, [good, { labels_refs: [1, 4], samples }])
  expect(await write(some)).toEqual([400, '1', '0', '0'])
  expect(await write(all.subarray(1))).toEqual([400, '0', '0', '0'])
})

/** What Prometheus 3.16 sent of itself with `protobuf_message: io.prometheus.write.v2.Request`, recorded on the wire; Debian's speaks 1.0 only. */
const recorded = join(
  import.meta.dirname,
  'prometheus/testdata/prometheus-3.16-remote-write-2.0.snappy',
)

test('takes remote write 2.0 as a Prometheus 3 has sent it', async () => {
  const answer = await post(readFileSync(recorded), {
    path: '/api/v1/write',
    headers: {
      ...{ authorization: 'Bearer good', 'content-encoding': 'snappy' },
      'content-type': 'application/x-protobuf;proto=io.prometheus.write.v2.Request',
      'x-prometheus-remote-write-version': '2.0.0',
    },
  })
  expect(answer.status).toBe(204)
  expect(answer.headers.get('x-prometheus-remote-write-samples-written')).toBe('118')
  const series = 'instance=127.0.0.1:19557,job=prometheus'
  await arrived(`process_cpu_seconds_total,${series} value=0.18 1795894933031000000\n`)
  await arrived(`go_gc_duration_seconds,${series},quantile=0.5 value=0.000394037 `)
  await arrived('"measurement":"process_cpu_seconds_total","field":"value","mtype":"counter"')
  const lines = world.received().flatMap(({ body }) => body.trimEnd().split('\n'))
  expect(lines.filter((line) => !line.startsWith('{'))).toHaveLength(118)
})

test('tells Prometheus why it refuses', async () => {
  const body = toWriteRequest([{ labels: { __name__: 'up' }, samples: [[1, 1]] }])
  const refused = async (packed: Buffer, headers: Record<string, string> = {}) => {
    const answer = await remoteWrite(packed, headers)
    return [answer.status, await answer.text()]
  }
  const says = (text: string) => expect.stringContaining(text)
  const three = 'application/x-protobuf;proto=io.prometheus.write.v3.Request'
  expect(await refused(body, { 'content-type': three })).toEqual([415, says('write.v2.Request')])
  expect(await refused(body, { 'content-type': 'text/plain' })).toEqual([415, says('text/plain')])
  expect(await refused(body, { 'content-encoding': 'zstd' })).toEqual([415, says('snappy')])
  expect(await refused(body, { authorization: 'Bearer bad' })).toEqual([401, says('failed')])
  expect(await refused(body.subarray(1))).toEqual([400, says('not a prometheus.WriteRequest')])
  expect(await refused(Buffer.alloc(4 * 1024 ** 2))).toEqual([413, says('Too Large')])
  const one = 'application/x-protobuf; proto=prometheus.WriteRequest'
  expect((await remoteWrite(body, { 'content-type': one })).status).toBe(204)
})

test('answers 503 while the catalog is away to a token that it has not seen, and goes on for one that it has', async () => {
  expect((await post('known v=1 1')).status).toBe(204)
  world.catalog.cut()
  expect((await post('known v=1 2')).status).toBe(204)
  const answer = await post('a v=1 1', { path: '/write?db=warren&p=new' })
  expect(answer.status).toBe(503)
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
  world.catalog.mend()
  await vi.waitFor(
    async () => {
      const later = await post('a v=1 1', { path: '/write?db=warren&p=new' })
      expect(later.status).toBe(401)
    },
    { timeout: 30_000, interval: 200 },
  )
})

test('takes what fits on disk while the broker is away, answers 503 past that, and sends it later in order', async () => {
  const collectorHealth = () => world.collector.health()[0]
  await world.rabbitmq.kill()
  for (const at of [1, 2, 3]) expect((await post(`away v=${at} 1`)).status).toBe(204)
  expect(collectorHealth()).toMatchObject({
    state: 'yellow',
    reason: expect.stringContaining('bytes of metrics wait on disk'),
  })
  const answer = await post('large v=1 1\n'.repeat(150_000))
  expect(answer.status).toBe(503)
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
  const series = { labels: { __name__: 'many' }, samples: Array(60_000).fill([1, 1]) }
  const written = await remoteWrite(toWriteRequest([series]))
  expect([written.status, Number(written.headers.get('retry-after')) > 0]).toEqual([503, true])
  await world.rabbitmq.start()
  await arrived('away v=1 1\naway v=2 1\naway v=3 1\n')
  await vi.waitFor(() => expect(collectorHealth()?.state).toBe('green'), patience)
  expect((await post('back v=1 1')).status).toBe(204)
  await arrived('back v=1 1\n')
})
