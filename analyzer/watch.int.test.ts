import { type Broker, openBroker } from '@warren/broker/open'
import { eventSchema, type WarrenEvent } from '@warren/contracts/event'
import { contentTypes } from '@warren/contracts/message'
import { exchanges } from '@warren/contracts/topology'
import { silentLog } from '@warren/platform/log.testing'
import { startRabbitmq, type TestRabbitmq } from '@warren/test-servers/rabbitmq'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { analyzerSettingsSchema } from './settings.ts'
import { startAnalyzer } from './watch.ts'

const log = silentLog()

let rabbitmq: TestRabbitmq
let broker: Broker
const events: { key: string; event: WarrenEvent }[] = []

beforeAll(async () => {
  rabbitmq = await startRabbitmq()
  broker = openBroker({ url: rabbitmq.url, name: 'test', log })
  broker.consume({
    queue: {
      ...{ name: 'test.events', durable: true, autoDelete: false, exclusive: false },
      arguments: {},
      bindings: [{ exchange: exchanges.events, key: '#' }],
    },
    prefetch: 10,
    handle: async ({ body, routingKey }) => {
      events.push({ key: routingKey, event: eventSchema.parse(JSON.parse(body.toString())) })
      return { type: 'ack' }
    },
  })
  await broker.ready(20_000)
})

afterAll(async () => {
  await broker?.close()
  await rabbitmq?.close()
})

const waiting = { timeout: 20_000, interval: 50 }

test('a host that falls silent and returns makes one event each', async () => {
  const settings = analyzerSettingsSchema.parse({ silentAfterMs: 1_000, checkEveryMs: 100 })
  const analyzer = startAnalyzer({ broker, settings, log })
  const publisher = broker.publisher()
  const say = (key: string, body: string) =>
    publisher.publish({
      exchange: exchanges.metrics,
      key,
      body: Buffer.from(body),
      contentType: contentTypes.lineProtocol,
    })
  await vi.waitFor(
    () => expect(broker.health().every(({ state }) => state === 'green')).toBe(true),
    waiting,
  )
  await say('default.-.web%2E1', 'cpu v=1 1')
  await say('default.-.-', 'cpu,host=db v=1 1')
  const kinds = () => events.map(({ event }) => `${event.event_type} ${event.context['host']}`)
  await vi.waitFor(() => expect(kinds()).toHaveLength(2), waiting)
  expect(kinds()).toEqual(['host_silent web.1', 'host_silent db'])
  expect(events[0]?.key).toBe('default.-.platform')
  expect(events[0]?.event).toMatchObject({ type: 'platform_event', context: { tenant: 'default' } })
  await say('default.-.web%2E1', 'cpu v=1 2')
  await vi.waitFor(() => expect(kinds()).toContain('host_back web.1'), waiting)
  await analyzer.close()
  await expect(analyzer.ended).resolves.toBeUndefined()
})
