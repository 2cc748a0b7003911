import { gzipSync } from 'node:zlib'
import { type Broker, openBroker } from '@warren/broker/open'
import type { OutgoingMessage } from '@warren/broker/publisher'
import { contentTypes } from '@warren/contracts/message'
import { exchanges } from '@warren/contracts/topology'
import { silentLog } from '@warren/platform/log.testing'
import { startRabbitmq, type TestRabbitmq } from '@warren/test-servers/rabbitmq'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestApi, type TestApi } from '../testing.ts'

const log = silentLog()
const patience = { timeout: 30_000, interval: 50 }

let server: TestRabbitmq
let broker: Broker
let api: TestApi
let authorization: string

beforeAll(async () => {
  server = await startRabbitmq()
  broker = openBroker({ url: server.url, name: 'test', log })
  api = await openTestApi({}, { tapBroker: { broker, url: 'amqp://127.0.0.1', users: undefined } })
  authorization = `Bearer ${await api.tokenOf('viewer')}`
})
afterAll(async () => {
  await api?.close()
  await broker?.close()
  await server?.close()
})

const ask = (query: string, signal: AbortSignal = new AbortController().signal) =>
  api.fetch(`/api/v1/taps/live?${query}`, { headers: { authorization }, signal })

const message = (key: string, text: string): OutgoingMessage => ({
  exchange: exchanges.metrics,
  key,
  body: gzipSync(text),
  contentType: contentTypes.lineProtocol,
  contentEncoding: 'gzip',
})

/** Of the live taps that are open. */
const queues = () =>
  broker.health().flatMap(({ part }) => (part.startsWith('queue tap.') ? [part.slice(6)] : []))

it('shows messages unpacked to a viewer, in order, and leaves nothing behind', async () => {
  const leaving = new AbortController()
  const response = await ask('stream=metrics&deployment=shop', leaving.signal)
  let text = ''
  const reading = (async () => {
    for await (const part of response.body ?? []) text += Buffer.from(part).toString()
  })()
  const publisher = broker.publisher()
  await expect
    .poll(async () => {
      await publisher.publish(message('default.shop.h1', 'warm v=1 1'))
      return text
    }, patience)
    .toContain('"text":"warm v=1 1"')
  for (let number = 0; number < 50; number += 1) {
    await publisher.publish(message('acme.shop.h1', 'theirs'))
    await publisher.publish(message('default.other.h1', 'other'))
    await publisher.publish(message('default.shop.h1', `cpu v=${number} 1`))
  }
  const shown = () =>
    [...text.matchAll(/"text":"cpu v=(\d+) 1"/g)].map(([, found]) => Number(found))
  await expect.poll(shown, patience).toEqual(Array.from({ length: 50 }, (_, index) => index))
  expect(text).not.toMatch(/theirs|other/)
  const [queue = ''] = queues()
  expect(await broker.queues.look(queue)).toMatchObject({ consumers: 1 })
  leaving.abort()
  await expect(reading).rejects.toThrow()
  await expect.poll(queues, patience).toEqual([])
  await expect.poll(() => broker.queues.look(queue), patience).toBeUndefined()
})

it('refuses what it has no messages of, and an eleventh listener of one tenant', async () => {
  for (const query of ['stream=dead', 'stream=alerts&deployment=x', 'stream=metrics&tenant=acme'])
    expect((await ask(query)).status).toBe(400)
  const leaving = new AbortController()
  for (let count = 0; count < 10; count += 1)
    expect((await ask('stream=logs', leaving.signal)).status).toBe(200)
  expect((await ask('stream=logs')).status).toBe(429)
  leaving.abort()
  await expect.poll(queues, patience).toEqual([])
})
