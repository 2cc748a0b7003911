import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { zstdCompressSync } from 'node:zlib'
import { openTestApi, type TestApi } from '@warren/api/testing'
import { type Broker, openBroker } from '@warren/broker/open'
import { contentTypes } from '@warren/contracts/message'
import { exchanges } from '@warren/contracts/topology'
import { createLog } from '@warren/platform/log'
import { startRabbitmq, type TestRabbitmq } from '@warren/test-servers/rabbitmq'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'

const program = join(import.meta.dirname, '..', 'bin', 'warren.mjs')
const log = createLog({ service: 'test', level: 'error', pretty: true })
log.silent = true
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
