import { cloudifyExchanges } from '@warren/contracts/cloudify'
import { contentTypes } from '@warren/contracts/message'
import { exchanges } from '@warren/contracts/topology'
import { type ConfirmChannel, connect } from 'amqplib'
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { openTestPoller, patience, type TestPoller } from '../testing.ts'
import { acmeVhost, logOf, metric, senders } from './testing.ts'

let tested: TestPoller
beforeAll(async () => {
  tested = await openTestPoller()
  await tested.server.putUsers(senders)
  await tested.catalog.catalog.cloudifyDeployments.add('default', ['*'])
  await tested.catalog.catalog.cloudifyDeployments.add('acme', ['shop.eu', 'web'])
})
afterAll(() => tested?.close())
beforeEach(() => tested.start())
afterEach(() => tested.stop())

async function open(vhost: string, user: string): Promise<ConfirmChannel> {
  const connection = await connect({
    ...{ hostname: '127.0.0.1', port: tested.server.amqpPort },
    ...{ username: user, password: 'cfy', vhost },
  })
  connection.on('error', () => undefined)
  onTestFinished(() => connection.close().catch(() => undefined))
  const channel = await connection.createConfirmChannel()
  for (const { name, type, ...options } of cloudifyExchanges)
    await channel.assertExchange(name, type, options)
  return channel
}

interface Sent {
  readonly exchange: string
  readonly key: string
  readonly body: unknown
}

async function send(channel: ConfirmChannel, { exchange, key, body }: Sent): Promise<void> {
  channel.publish(exchange, key, Buffer.from(JSON.stringify(body)))
  await channel.waitForConfirms()
}

const monitoring = (deployment: string, value: number, more: object = {}): Sent => ({
  exchange: 'cloudify-monitoring',
  key: deployment,
  body: metric(deployment, value, more),
})
const codes = async () => (await tested.parked()).map(({ tenant, code }) => `${tenant} ${code}`)

/** The transient exchange drops what comes before the poller has bound its queue. */
const ready = () =>
  expect
    .poll(
      () =>
        tested.poller
          .health()
          .filter(({ part }) => part.includes('cloudify'))
          .map(({ state }) => state),
      patience,
    )
    .toEqual(Array.from({ length: 7 }, () => 'green'))

test('points belong to the tenant of the vhost, with the time of their sender', async () => {
  await ready()
  const [root, acme] = [await open('/', 'cfy'), await open(acmeVhost, 'cfy-acme')]
  const body = metric('shop.eu', 2)
  await send(acme, { exchange: 'cloudify-monitoring', key: 'shop.eu', body })
  // Twice the same is one point.
  await send(acme, { exchange: 'cloudify-monitoring', key: 'shop.eu', body })
  await send(acme, monitoring('web', 3))
  for (let value = 0; value < 5; value += 1) await send(root, monitoring('shop.eu', value))
  await expect.poll(() => tested.countOf('cpu', 'acme'), patience).toEqual([2, 3])
  await expect.poll(() => tested.countOf('cpu'), patience).toEqual([5, 4])
  expect(tested.written.join('')).toContain(
    `cpu,host=vm_a1b2c3,instance=vm_a1b2c3,node=vm,deployment=shop.eu,tenant=acme v=2 ${body.time}000000000\n`,
  )
  expect(await codes()).toEqual([])
})

test('logs and events of each exchange become records of the tenant', async () => {
  await ready()
  const acme = await open(acmeVhost, 'cfy-acme')
  const event = { type: 'cloudify_event', event_type: 'workflow_started' }
  await send(acme, { exchange: 'cloudify-logs', key: '', body: logOf('web', 'a log') })
  await send(acme, { exchange: 'cloudify-events', key: '', body: logOf('web', 'old', event) })
  await send(acme, {
    ...{ exchange: 'cloudify-events-topic', key: 'events.hooks' },
    body: logOf('shop.eu', 'new', event),
  })
  await send(acme, { exchange: 'cloudify-logs', key: '', body: logOf(undefined, 'of the manager') })
  await expect.poll(() => tested.writtenRecords.join('').match(/\n/g)?.length, patience).toBe(4)
  const records = tested.writtenRecords.join('').trimEnd().split('\n')
  const parsed = records.map((line) => JSON.parse(line))
  const shown = parsed.map((record) => [
    record.message,
    record.deployment,
    record['event.dataset'],
    record.attributes.event_type,
  ])
  expect(shown.toSorted()).toEqual([
    ['a log', 'web', 'cloudify_logs', undefined],
    ['new', 'shop.eu', 'cloudify_events', 'workflow_started'],
    ['of the manager', undefined, 'cloudify_logs', undefined],
    ['old', 'web', 'cloudify_events', 'workflow_started'],
  ])
  await expect
    .poll(() => tested.logStore.streams('acme'), patience)
    .toEqual(['logs-warren.cloudify_events-acme', 'logs-warren.cloudify_logs-acme'])
  expect(await tested.logStore.streams('default')).toEqual([])
})

test('unknown deployments and what cannot be read are parked, and can be sent again to the same tenant', async () => {
  await ready()
  const acme = await open(acmeVhost, 'cfy-acme')
  await send(acme, { exchange: 'cloudify-logs', key: '', body: logOf('ghost', 'boo') })
  await send(acme, { exchange: 'cloudify-monitoring', key: 'web', body: { service: 'x' } })
  const configuration = { service: 'cloudify.configuration', state: 'start', time: 1 }
  await send(acme, { exchange: 'cloudify-monitoring', key: 'web', body: configuration })
  await expect
    .poll(async () => (await codes()).toSorted(), patience)
    .toEqual(['acme malformed', 'acme unknown_deployment'])
  const letter = (await tested.parked()).find(({ code }) => code === 'unknown_deployment')
  expect(letter).toMatchObject({
    stream: 'logs',
    reason: expect.stringContaining('/api/v1/cloudify/senders'),
    origin: { exchange: exchanges.cloudify, routing_key: 'acme.ghost.cloudify-logs' },
  })
  await tested.catalog.catalog.cloudifyDeployments.add('acme', ['ghost'])
  await expect
    .poll(
      async () => {
        await tested.publisher.publish({
          ...{ exchange: exchanges.cloudify, key: letter?.origin.routing_key ?? '' },
          ...{ body: Buffer.from(letter?.item ?? '', 'base64'), contentType: contentTypes.json },
        })
        return tested.writtenRecords.join('')
      },
      { ...patience, interval: 1000 },
    )
    .toContain('boo')
})

test('a sender may publish its own deployments, declare these exchanges, and nothing else', async () => {
  await ready()
  const attempts: readonly ((channel: ConfirmChannel) => unknown)[] = [
    (channel) => channel.publish('cloudify-monitoring', 'other', Buffer.from('{}')),
    (channel) => channel.publish('', 'poller.cloudify-metrics.0', Buffer.from('{}')),
    (channel) => channel.assertQueue('mine').catch(() => undefined),
    (channel) => channel.get('poller.cloudify-logs.0').catch(() => undefined),
    (channel) => channel.deleteQueue('poller.cloudify-logs.0').catch(() => undefined),
  ]
  for (const attempt of attempts) {
    const channel = await open(acmeVhost, 'cfy-acme')
    const refused = new Promise<Error>((resolve) => channel.once('error', resolve))
    void attempt(channel)
    expect((await refused).message).toContain('ACCESS_REFUSED')
  }
  await expect(open('/', 'cfy-acme')).rejects.toThrow()
  const root = await open('/', 'cfy')
  const refused = new Promise<Error>((resolve) => root.once('error', resolve))
  root.publish(exchanges.cloudify, 'acme.web.cloudify-monitoring', Buffer.from('{}'))
  expect((await refused).message).toContain('ACCESS_REFUSED')
})

test('with another declaration a channel is closed; after a restart of the broker all is there again', async () => {
  await ready()
  const channel = await open('/', 'cfy')
  const refused = new Promise<Error>((resolve) => channel.once('error', resolve))
  channel.assertExchange('cloudify-monitoring', 'topic', { durable: true }).catch(() => undefined)
  expect((await refused).message).toContain('PRECONDITION_FAILED')
  await tested.server.restart()
  await expect
    .poll(
      async () => {
        const again = await open('/', 'cfy')
        await send(again, monitoring('restarted', 7, { name: 'later' }))
        return tested.countOf('later')
      },
      { ...patience, interval: 500 },
    )
    .toEqual(expect.arrayContaining([7]))
})
