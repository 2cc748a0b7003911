import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { cloudifyExchanges } from '@warren/contracts/cloudify'
import { connect } from 'amqplib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestPoller, patience, type TestPoller } from '../testing.ts'
import { acmeVhost, logOf, metric, senders } from './testing.ts'

/** Of the distribution, whose pika it is. */
const python = '/usr/bin/python3'
const program = join(import.meta.dirname, 'pika-sender.py')

let tested: TestPoller
beforeAll(async () => {
  execFileSync(python, ['-c', 'import pika'])
  tested = await openTestPoller()
  await tested.server.putUsers(senders)
  const { cloudifyDeployments } = tested.catalog.catalog
  await cloudifyDeployments.add('default', ['*'])
  await cloudifyDeployments.add('acme', ['shop.eu'])
})
afterAll(() => tested?.close())

/** Runs Cloudify's client, which fails when the broker closes its channel. */
async function send(vhost: string, user: string, messages: readonly object[]): Promise<void> {
  const sender = spawn(python, [program], {
    stdio: ['pipe', 'inherit', 'inherit'],
    env: {
      ...{ AMQP_PORT: String(tested.server.amqpPort), AMQP_VHOST: vhost },
      ...{ AMQP_USER: user, AMQP_PASSWORD: 'cfy' },
    },
  })
  sender.stdin.end(messages.map((message) => `${JSON.stringify(message)}\n`).join(''))
  expect(await once(sender, 'exit')).toEqual([0, null])
}

const many = 500
const metricsOf = (deployment: string) =>
  Array.from({ length: many }, (_, value) => ({
    exchange: 'cloudify-monitoring',
    key: deployment,
    body: metric(deployment, value),
  }))
const messagesOf = (deployment: string) => [
  ...metricsOf(deployment),
  { exchange: 'cloudify-logs', key: '', body: logOf(deployment, `log of ${deployment}`) },
  {
    ...{ exchange: 'cloudify-events-topic', key: 'events' },
    body: logOf(deployment, 'ü', { type: 'cloudify_event', event_type: 'task_started' }),
  },
]

test('a pika client that was there first, and one that comes later, keep their channels and lose nothing', async () => {
  // As an agent that starts before Warren has ever been there.
  await send('/', 'cfy', [])
  await tested.start()
  await expect
    .poll(() => tested.poller.health().filter(({ state }) => state !== 'green'), patience)
    .toEqual([])
  await expect
    .poll(
      () => tested.poller.health().filter(({ part }) => part.includes(acmeVhost)).length,
      patience,
    )
    .toBe(4)
  await expect
    .poll(() => tested.poller.health().filter(({ state }) => state !== 'green'), patience)
    .toEqual([])
  await Promise.all([
    send('/', 'cfy', messagesOf('any.thing')),
    send(acmeVhost, 'cfy-acme', messagesOf('shop.eu')),
  ])
  await expect.poll(() => tested.countOf('cpu'), patience).toEqual([many, many - 1])
  await expect.poll(() => tested.countOf('cpu', 'acme'), patience).toEqual([many, many - 1])
  const streams = (tenant: string) =>
    ['events', 'logs'].map((kind) => `logs-warren.cloudify_${kind}-${tenant}`)
  for (const tenant of ['default', 'acme'])
    await expect.poll(() => tested.logStore.streams(tenant), patience).toEqual(streams(tenant))
  expect(tested.writtenRecords.join('')).toContain('"message":"ü"')
  expect(await tested.parked()).toEqual([])
  await tested.stop()

  const connection = await connect(tested.server.url)
  const channel = await connection.createChannel()
  // Equal declarations are taken, any other closes the channel.
  for (const { name, type, ...options } of cloudifyExchanges)
    await channel.assertExchange(name, type, options)
  await connection.close()
})
