import { connect } from 'amqplib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eventually } from './client.ts'
import { type Platform, startPlatform } from './platform.ts'
import { makeSender, publishAll } from './publisher.ts'

let platform: Platform
let url: string
beforeAll(async () => {
  platform = await startPlatform()
  url = await makeSender(platform.client, 'foreign')
})
afterAll(() => platform?.close())

const nowNs = (): bigint => BigInt(Date.now()) * 1_000_000n

interface Letters {
  readonly items: readonly {
    readonly code: string
    readonly reason: string
    readonly item: string
  }[]
}

const untilParked = (text: string): Promise<{ code: string; reason: string }> =>
  eventually(async () => {
    const { items } = (await platform.client.get('/api/v1/dead-letters?limit=1000')) as Letters
    return items.find(({ item }) => Buffer.from(item, 'base64').includes(text))
  }, 15_000)

const untilStored = (measurement: string) =>
  eventually(async () => (await platform.client.query(`SELECT * FROM ${measurement}`))[0], 15_000)

it('parks a malformed line with its reason, and stores its neighbours', async () => {
  const time = nowNs()
  const body = Buffer.from(`bad_a v=1 ${time}\nbad_b this is not a line\nbad_c v=3 ${time}\n`)
  await publishAll(url, [{ exchange: 'warren.metrics', key: 'default.-.x', body }])
  expect((await untilStored('bad_a')).values).toHaveLength(1)
  expect((await untilStored('bad_c')).values).toHaveLength(1)
  expect(await untilParked('bad_b this')).toMatchObject({
    code: 'malformed',
    reason: expect.any(String),
  })
})

it.each([
  ['no_timestamp', 'clock_none v=1'],
  ['bad_timestamp', `clock_ahead v=1 ${nowNs() + 366n * 86_400_000_000_000n}`],
  ['bad_timestamp', 'clock_1970 v=1 1000000000'],
  ['malformed', 'nul_\0byte v=1 1760000000000000000'],
] as const)('parks as %s: %j', async (code, line) => {
  await publishAll(url, [
    { exchange: 'warren.metrics', key: 'default.-.x', body: Buffer.from(line) },
  ])
  expect(await untilParked(line.slice(0, 9))).toMatchObject({ code })
})

it('parks what is no record, and stores its neighbours', async () => {
  const good = (message: string) =>
    JSON.stringify({ '@timestamp': new Date().toISOString(), message })
  const body = Buffer.from(
    `${good('neighbour before')}\n{"message": 17 oops\n${good('neighbour after')}\n`,
  )
  await publishAll(url, [{ exchange: 'warren.logs', key: 'default.-.x', body }])
  await eventually(async () => {
    const { hits } = await platform.client.search({
      size: 10,
      query: { bool: { filter: [{ query_string: { query: 'neighbour' } }] } },
    })
    return hits.total.value === 2 ? true : undefined
  }, 15_000)
  expect(await untilParked('oops')).toMatchObject({ code: 'malformed' })
})

it('takes what Telegraf sends: a static key, no id, no content type', async () => {
  const body = Buffer.from(`cpu,cpu=cpu-total,host=foreign usage_idle=97.5,n=3i ${nowNs()}\n`)
  const options = { persistent: false }
  await publishAll(url, [{ exchange: 'warren.metrics', key: 'default.-.telegraf', body, options }])
  const [series] = await eventually(async () => {
    const found = await platform.client.query(
      `SELECT usage_idle, n FROM cpu WHERE host = 'foreign'`,
    )
    // A query that looked for the names of fields before `n` was one sees its point without it.
    return found[0]?.values[0]?.includes(null) === false ? found : undefined
  }, 15_000)
  expect(series?.values).toHaveLength(1)
  expect(series?.values[0]?.slice(1)).toEqual([97.5, 3])
})

it('parks a message that is too large once unpacked, and goes on', async () => {
  const { gzipSync } = await import('node:zlib')
  const body = gzipSync(Buffer.alloc(100 * 1024 * 1024, 'x'))
  await publishAll(url, [
    { exchange: 'warren.metrics', key: 'default.-.x', body, options: { contentEncoding: 'gzip' } },
    {
      exchange: 'warren.metrics',
      key: 'default.-.x',
      body: Buffer.from(`after_large v=1 ${nowNs()}\n`),
    },
  ])
  expect((await untilStored('after_large')).values).toHaveLength(1)
  // Its letter goes its own way: it may be kept after the next message is stored.
  await expect
    .poll(
      async () => {
        const path = '/api/v1/dead-letters?limit=1000&code=too_large'
        return ((await platform.client.get(path)) as Letters).items.length
      },
      { timeout: 60_000, interval: 200 },
    )
    .toBe(1)
})

it('refuses a message of 100 MB with the reason, and takes the next', async () => {
  const connection = await connect(url)
  connection.on('error', () => undefined)
  const channel = await connection.createConfirmChannel()
  const refused = new Promise<Error>((resolve) => channel.once('error', resolve))
  channel.publish('warren.metrics', 'default.-.x', Buffer.alloc(100 * 1024 * 1024, 'x'))
  expect((await refused).message).toMatch(/message size 104857600 is larger than/)
  await connection.close().catch(() => undefined)
  const body = Buffer.from(`after_refused v=1 ${nowNs()}\n`)
  await publishAll(url, [{ exchange: 'warren.metrics', key: 'default.-.x', body }])
  expect((await untilStored('after_refused')).values).toHaveLength(1)
})
