import { compress } from 'snappyjs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toWriteRequest } from '../prometheus/testing.ts'
import { secrets, startTestCollector, type TestCollector } from '../testing.ts'

let world: TestCollector

beforeAll(async () => {
  world = await startTestCollector()
})
afterAll(() => world?.close())

const patience = { timeout: 60_000, interval: 100 }

interface Post {
  readonly secret: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
}

const post = (
  body: string | Buffer,
  { secret, path = '/write?db=warren', headers = {} }: Post,
): Promise<Response> =>
  fetch(`${world.url}${path}`, {
    ...{ method: 'POST', body: Buffer.from(body as string) },
    headers: { Authorization: `Bearer ${secret}`, ...headers },
  })
const statusOf = async (secret: string, body: string) => (await post(body, { secret })).status
const pointsOf = (name: string, count: number) =>
  Array.from({ length: count }, (_, n) => `${name} v=${n} ${n + 1}\n`).join('')
const text = () =>
  world
    .received()
    .map(({ body }) => body)
    .join('')

const snappy = { 'Content-Type': 'application/x-protobuf', 'Content-Encoding': 'snappy' }
const samples = compress(
  toWriteRequest([{ labels: { __name__: 'late' }, samples: [[1, 1_700_000_000_000]] }]),
)

test('a tenant above its limit is told so by every input and nothing of it is taken, while another is not', async () => {
  const { limited, writes } = secrets
  expect(await statusOf(limited, pointsOf('first', 1000))).toBe(204)
  const refused = await post(pointsOf('late', 1), { secret: limited })
  expect(refused.status).toBe(429)
  const seconds = Number(refused.headers.get('Retry-After'))
  // Nearly a thousand, less what the burst and the time since have paid.
  expect(seconds).toBeGreaterThan(700)
  expect(seconds).toBeLessThanOrEqual(990)
  expect(await refused.json()).toEqual({
    error: `tenant acme is above its limit of 1 items a second, send it again in ${seconds} s`,
  })
  const bulk = '{"create":{"_index":"logs"}}\n{"message":"late"}\n'
  const toBulk = { path: '/_bulk', headers: { 'Content-Type': 'application/x-ndjson' } }
  const bulked = await post(bulk, { ...toBulk, secret: limited })
  expect([bulked.status, await bulked.json()]).toMatchObject([
    429,
    { error: { type: 'es_rejected_execution_exception' } },
  ])
  expect(
    (await post(samples, { secret: limited, path: '/api/v1/write', headers: snappy })).status,
  ).toBe(429)
  const json = { secret: limited, headers: { 'Content-Type': 'application/json' } }
  const logs = await post('{"resourceLogs":[]}', { ...json, path: '/v1/logs' })
  expect([logs.status, await logs.json()]).toMatchObject([429, { code: 8 }])
  const streams = [{ stream: { app: 'a' }, values: [['1700000000000000001', 'late']] }]
  const pushed = await post(JSON.stringify({ streams }), { ...json, path: '/loki/api/v1/push' })
  expect([pushed.status, Number(pushed.headers.get('Retry-After')) > 0]).toEqual([429, true])
  // Larger than a socket holds: the client must be able to finish it to see the answer.
  expect(await statusOf(limited, pointsOf('late', 100_000))).toBe(429)

  expect(await statusOf(writes, pointsOf('other', 2000))).toBe(204)
  expect((await post(bulk.replace('late', 'fine'), { ...toBulk, secret: writes })).status).toBe(200)
  await expect.poll(text, patience).toContain('"fine"')
  await expect.poll(text, patience).toContain('other v=1999')
  expect(text()).toContain('first v=999')
  expect(text()).not.toContain('late')
  // The token alone says whose data they are.
  for (const { body, key } of world.received())
    expect(key.split('.', 1)).toEqual([body.startsWith('first') ? 'acme' : 'default'])
  const counted = world.registry.getSingleMetric('warren_collector_limited_total')
  expect((await counted?.get())?.values).toMatchObject([
    { value: 6, labels: { tenant: 'acme', limit: 'items', effect: 'refused' } },
  ])
})
