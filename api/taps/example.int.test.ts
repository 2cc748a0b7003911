import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { openBroker } from '@warren/broker/open'
import { createdTapSchema } from '@warren/contracts/http/taps'
import { contentTypes } from '@warren/contracts/message'
import { exchanges } from '@warren/contracts/topology'
import { silentLog } from '@warren/platform/log.testing'
import { startRabbitmq } from '@warren/test-servers/rabbitmq'
import { expect, it, onTestFinished } from 'vitest'
import { openTestApi } from '../testing.ts'

const program = join(import.meta.dirname, '..', '..', 'docs', 'examples', 'tap-consumer.mjs')
const log = silentLog()
const patience = { timeout: 30_000, interval: 50 }

it('the example of docs/taps.md prints what its tap gets, also after the broker was away', async () => {
  const server = await startRabbitmq()
  onTestFinished(() => server.close())
  const broker = openBroker({ url: server.url, name: 'test', log })
  onTestFinished(() => broker.close())
  const names: string[] = []
  const api = await openTestApi(
    {},
    {
      tapBroker: {
        broker,
        url: `amqp://127.0.0.1:${server.amqpPort}`,
        users: {
          put: async (users) => {
            await server.putUsers(users)
            names.push(...users.map(({ name }) => name))
          },
          remove: server.removeUser,
          names: () => names,
        },
      },
    },
  )
  onTestFinished(() => api.close())
  const authorization = `Bearer ${await api.tokenOf('manager')}`
  const answer = await api.fetch('/api/v1/taps', {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'example', streams: ['metrics', 'logs'] }),
  })
  const { url, user, secret, queue } = createdTapSchema.parse(await answer.json())
  const child = spawn(process.execPath, [program], {
    env: { TAP_URL: url, TAP_USER: user, TAP_SECRET: secret ?? '', TAP_QUEUE: queue },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let printed = ''
  child.stdout.on('data', (part) => {
    printed += String(part)
  })
  const publisher = broker.publisher()
  const publish = (body: Buffer, contentEncoding?: 'gzip' | 'zstd') =>
    publisher.publish({
      exchange: contentEncoding === 'zstd' ? exchanges.logs : exchanges.metrics,
      key: 'default.shop.h1',
      body,
      contentType: contentTypes.lineProtocol,
      contentEncoding,
    })
  await publish(Buffer.from('plain v=1 1\nplain v=2 2\n'))
  await publish(gzipSync('packed v=1 1'), 'gzip')
  await publish(zstdCompressSync('{"message":"hello"}'), 'zstd')
  const lines = ['plain v=1 1', 'plain v=2 2', 'packed v=1 1', '{"message":"hello"}']
  const expected = lines.map((line) => `default.shop.h1\t${line}\n`).join('')
  await expect.poll(() => printed, patience).toBe(expected)

  await server.restart()
  await publish(Buffer.from('later v=1 1'))
  // What was acknowledged just before the restart may come again.
  await expect.poll(() => printed, patience).toContain('default.shop.h1\tlater v=1 1\n')
  child.kill('SIGINT')
  expect(await once(child, 'exit')).toEqual([0, null])
})
