import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { zstdCompressSync } from 'node:zlib'
import { openTestApi, type TestApi } from '@warren/api/testing'
import { type Broker, openBroker } from '@warren/broker/open'
import { contentTypes } from '@warren/contracts/message'
import { exchanges } from '@warren/contracts/topology'
import { silentLog } from '@warren/platform/log.testing'
import { startRabbitmq, type TestRabbitmq } from '@warren/test-servers/rabbitmq'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'

const program = join(import.meta.dirname, '..', 'bin', 'warren.mjs')
const log = silentLog()
const patience = { timeout: 30_000, interval: 50 }

let server: TestRabbitmq
let broker: Broker
let api: TestApi
let token: string
beforeAll(async () => {
  server = await startRabbitmq()
  broker = openBroker({ url: server.url, name: 'test', log })
  api = await openTestApi({}, { tapBroker: { broker, url: 'amqp://127.0.0.1', users: undefined } })
  token = await api.tokenOf('viewer')
})
afterAll(async () => {
  await api?.close()
  await broker?.close()
  await server?.close()
})

function tap(...words: string[]) {
  const child: ChildProcess = spawn(process.execPath, [program, 'tap', ...words], {
    env: { PATH: process.env['PATH'], WARREN_URL: api.api.url, WARREN_TOKEN: token },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const output = { out: '', err: '' }
  child.stdout?.on('data', (part) => {
    output.out += String(part)
  })
  child.stderr?.on('data', (part) => {
    output.err += String(part)
  })
  return { child, output, ended: once(child, 'exit') }
}

const publish = (key: string, text: string, exchange: string = exchanges.metrics) =>
  broker.publisher().publish({
    exchange,
    key,
    body: zstdCompressSync(text),
    contentType: contentTypes.lineProtocol,
    contentEncoding: 'zstd',
  })

const queues = () => broker.health().filter(({ part }) => part.startsWith('queue tap.'))

it('prints lines of one deployment until Ctrl-C, and its queue is gone', async () => {
  const { child, output, ended } = tap('metrics', '--deployment', 'shop')
  await expect
    .poll(async () => {
      await publish('default.shop.h1', 'cpu v=1 1\ncpu \u001b[2Jv=2 2\n')
      await publish('default.web.h1', 'web v=1 1')
      return output.out
    }, patience)
    .toContain('cpu v=1 1\ncpu \uFFFD[2Jv=2 2\n')
  child.kill('SIGINT')
  expect(await ended).toEqual([0, null])
  expect(output.out).not.toContain('web')
  expect(output.err).toBe('')
  await expect.poll(queues, patience).toEqual([])
})

it('prints one JSON object a message, of logs and events too', async () => {
  for (const stream of ['logs', 'events'] as const) {
    const { child, output, ended } = tap(stream, '-o', 'json')
    // An exchange without a storage queue routes to nobody before the tap is there.
    const send = () => publish('default.shop.h1', '{"message":"hello"}', exchanges[stream])
    await expect
      .poll(async () => {
        await send().catch((error: Error) => expect(error.message).toMatch(/no queue|route/i))
        return output.out
      }, patience)
      .toContain('hello')
    const [line = ''] = output.out.split('\n')
    expect(JSON.parse(line)).toMatchObject({
      routingKey: 'default.shop.h1',
      text: '{"message":"hello"}',
      messageId: expect.any(String),
    })
    child.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
  }
})

it('is killed and leaves no queue, ends when nobody reads it, and says what is wrong', async () => {
  const killed = tap('logs')
  await expect.poll(() => queues().length, patience).toBe(1)
  killed.child.kill('SIGKILL')
  await expect.poll(queues, patience).toEqual([])

  const unread = tap('metrics')
  await expect.poll(() => queues().length, patience).toBe(1)
  unread.child.stdout?.destroy()
  let isOver = false
  void unread.ended.then(() => {
    isOver = true
  })
  await expect
    .poll(async () => {
      await publish('default.shop.h1', 'cpu v=1 1')
      return isOver
    }, patience)
    .toBe(true)
  expect(await unread.ended).toEqual([0, null])

  expect(await tap('spans').ended).toEqual([2, null])
  const wrong = tap('alerts', '--deployment', 'shop')
  expect(await wrong.ended).toEqual([2, null])
  expect(wrong.output.err).toContain('alerts belong to a tenant')
})

it('stopped, it holds nobody up: what passes is confirmed and in its storage queue, and its own queue is bounded', async () => {
  const { child, output } = tap('metrics')
  const seen = (text: string) => async () => {
    await publish('default.shop.h1', `${text} v=1 1`)
    return output.out
  }
  await expect.poll(seen('first'), patience).toContain('first v=1 1')
  const [queue = ''] = queues().map(({ part }) => part.slice('queue '.length))
  const waiting = async (name: string) => (await broker.queues.look(name))?.messages ?? 0
  const before = await waiting('poller.metrics.0')
  child.kill('SIGSTOP')
  // Packed, half of what it is: sockets are full soon, then the 8 MiB that may wait.
  const many = 3000
  const publisher = broker.publisher()
  const send = (number: number) =>
    publisher.publish({
      exchange: exchanges.metrics,
      key: 'default.shop.h1',
      body: zstdCompressSync(`m text="${randomBytes(5000).toString('hex')}",v=${number} 1`),
      contentType: contentTypes.lineProtocol,
      contentEncoding: 'zstd',
    })
  let next = 0
  const work = async () => {
    while (next < many) await send(next++)
  }
  await Promise.all(Array.from({ length: 50 }, work))
  await expect.poll(() => waiting('poller.metrics.0'), patience).toBe(before + many)
  const held = await waiting(queue)
  expect(held).toBeGreaterThan(100)
  expect(held * 5000).toBeLessThan(8 * 1024 ** 2)
  // Once the sockets are full the api gives up a message a second, which it counts.
  const taken = async () => {
    const before = await waiting(queue)
    await sleep(2500)
    return before - (await waiting(queue))
  }
  await expect.poll(taken, patience).toBeLessThan(6)
  child.kill('SIGCONT')
  await expect.poll(() => output.err, patience).toMatch(/messages came faster than they were read/)
  await expect.poll(seen('after'), patience).toContain('after v=1 1')
  await publisher.close()
})
