import { gzipSync, zstdCompressSync } from 'node:zlib'
import { exchanges } from '@warren/contracts/topology'
import { connect, type GetMessage } from 'amqplib'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  logs,
  metrics,
  openTestPoller,
  patience,
  pointsOf,
  recordsOf,
  type TestPoller,
} from './testing.ts'

let rig: TestPoller

beforeAll(async () => {
  rig = await openTestPoller()
})
afterAll(() => rig?.close())
beforeEach(() => rig.start())
afterEach(() => rig.stop())

const codes = async () => (await rig.parked()).map(({ stream, code }) => `${stream} ${code}`).sort()

test('points and records are stored, whatever their encoding, and counted', async () => {
  const { publisher, poller } = rig
  await publisher.publish(metrics(pointsOf('plain', 100)))
  await publisher.publish(metrics(gzipSync(pointsOf('packed', 50)), { contentEncoding: 'gzip' }))
  await publisher.publish(
    metrics(zstdCompressSync(pointsOf('packed', 50, 50)), { contentEncoding: 'zstd' }),
  )
  await publisher.publish(logs(recordsOf('nginx', 30), { key: 'acme.web.host1' }))
  await expect.poll(() => rig.countOf('plain'), patience).toEqual([100, 99])
  await expect.poll(() => rig.countOf('packed'), patience).toEqual([100, 99])
  await expect
    .poll(() => rig.logStore.streams('acme'), patience)
    .toEqual(['logs-warren.nginx-acme'])
  await expect.poll(() => rig.counter('items_stored_total')).toBe(230)
  expect(await rig.counter('items_parked_total')).toBe(0)
  await expect
    .poll(() => poller.health().filter(({ state }) => state !== 'green'), patience)
    .toEqual([])
  expect(poller.health().map(({ part }) => part)).toEqual(
    expect.arrayContaining([
      'poller/broker',
      'poller/metrics store',
      'poller/logs store',
      'poller/queue poller.metrics.0',
      'poller/queue poller.logs.0',
      'poller/queue poller.dead.0',
    ]),
  )
})

test('a foreign sender needs an exchange and a key only', async () => {
  const connection = await connect(rig.server.agentUrl)
  const channel = await connection.createConfirmChannel()
  channel.publish(exchanges.metrics, 'default.telegraf', Buffer.from(pointsOf('foreign', 5)))
  // The same body again is the same message, and the same points.
  channel.publish(exchanges.metrics, 'default.telegraf', Buffer.from(pointsOf('foreign', 5)))
  await channel.waitForConfirms()
  await connection.close()
  await expect.poll(() => rig.countOf('foreign'), patience).toEqual([5, 4])
})

test('what cannot be stored is parked with its code, its neighbours are stored', async () => {
  const { publisher } = rig
  await publisher.publish(metrics(`${pointsOf('near', 1)}\nnonsense\n${pointsOf('near', 1, 1)}`))
  await publisher.publish(metrics('late v=1 1000000000', { messageId: 'm-late' }))
  await publisher.publish(metrics('x v=1', { key: 'nobody.-.x' }))
  await publisher.publish(metrics('x v=1', { key: '-.-.x' }))
  await publisher.publish(metrics('x v=1', { contentEncoding: 'gzip' }))
  const bomb = gzipSync(Buffer.alloc(5 * 1024 ** 2, 0x61))
  await publisher.publish(metrics(bomb, { contentEncoding: 'gzip' }))
  await publisher.publish(metrics(Buffer.alloc(5 * 1024 ** 2, 0x61)))
  await publisher.publish(logs('{"message":'))
  await expect
    .poll(codes, patience)
    .toEqual([
      'logs malformed',
      'metrics bad_encoding',
      'metrics bad_key',
      'metrics bad_timestamp',
      'metrics malformed',
      'metrics too_large',
      'metrics too_large',
      'metrics unknown_tenant',
    ])
  await expect.poll(() => rig.countOf('near'), patience).toEqual([2, 1])
  const letters = await rig.parked()
  const malformed = letters.find(({ code, stream }) => code === 'malformed' && stream === 'metrics')
  expect(malformed).toMatchObject({
    tenant: 'default',
    reason: expect.stringContaining('missing'),
    origin: { exchange: exchanges.metrics, routing_key: 'default.-.test', index: 1 },
  })
  expect(Buffer.from(malformed?.item ?? '', 'base64').toString()).toBe('nonsense')
  expect(letters.find(({ code }) => code === 'bad_timestamp')?.origin).toMatchObject({
    message_id: 'm-late',
    index: 0,
  })
})

test('senders that choose the same message id keep a letter each; a message that comes again adds none', async () => {
  const messageId = '1'
  const first = metrics('nonsense', { messageId })
  await rig.publisher.publish(first)
  await rig.publisher.publish(first)
  await rig.publisher.publish(metrics('nonsense', { messageId, key: 'default.-.other' }))
  await rig.publisher.publish(metrics('more nonsense', { messageId }))
  await rig.publisher.publish(logs('nonsense', { messageId }))
  await expect.poll(() => rig.counter('items_parked_total'), patience).toBe(5)
  await expect.poll(async () => (await rig.parked()).length, patience).toBe(4)
})

/** Takes the only message of the queue and gives it back, as consumers do that die with it. */
async function deliverInVain(times: number): Promise<void> {
  const connection = await connect(rig.server.url)
  const channel = await connection.createChannel()
  for (let delivery = 0; delivery < times; delivery += 1) {
    let message: GetMessage | false = false
    const take = async () => {
      message = await channel.get('poller.metrics.0')
      return message
    }
    await expect.poll(take, patience).toBeTruthy()
    if (message !== false) channel.nack(message, false, true)
  }
  await connection.close()
}

test('a message that was delivered more than three times shares its batch with no other', async () => {
  await rig.poller.close()
  const sender = rig.broker.publisher()
  await sender.publish(metrics(pointsOf('suspect', 2)))
  await deliverInVain(4)
  for (const name of ['one', 'two', 'three']) await sender.publish(metrics(pointsOf(name, 1)))
  await rig.stop()
  await rig.start({ batch: { maxWaitMs: 1000 } })
  await expect.poll(() => rig.countOf('three'), patience).toEqual([1, 0])
  await expect.poll(() => rig.countOf('suspect'), patience).toEqual([2, 1])
  const namesOf = (text: string) => [...text.matchAll(/^\w+/gm)].map(([name]) => name)
  const batches = rig.written.map(namesOf)
  expect(batches.filter((names) => names.includes('suspect'))).toEqual([['suspect', 'suspect']])
  expect(batches.length).toBeLessThan(4)
})
