import { exchanges } from '@warren/contracts/topology'
import { nameAt } from '@warren/stores/item-names'
import { idAt } from '@warren/stores/record-ids'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { timeWindow } from '../time-window.ts'
import { normaliseCloudifyLog } from './log.ts'
import { normaliseCloudifyMetric } from './metric.ts'
import { readdress } from './readdress.ts'

const nowMs = Date.UTC(2026, 10, 20)
const window = timeWindow(nowMs, 86_400_000)
const origin = {
  messageId: 'm1',
  tenant: 'acme',
  deployment: 'shop.eu',
  source: 'cloudify-logs',
  fallbackNs: undefined,
}

/** The eleven fields, as the Diamond handler writes them. */
const sample = {
  node_id: 'vm_a1b2c3',
  node_name: 'vm',
  deployment_id: 'of the payload',
  name: 'cpu',
  path: 'total_system',
  metric: 12.5,
  unit: '',
  type: 'GAUGE',
  host: 'vm_a1b2c3',
  service: 'shop.eu.vm.vm_a1b2c3.cpu.total.system',
  time: 1_790_000_000,
}
const linesOf = ({ chunk }: { chunk: { bytes: Uint8Array } }) =>
  Buffer.from(chunk.bytes).toString().split('\n').slice(0, -1)
const metric = (more: object = {}, from = origin) =>
  normaliseCloudifyMetric(Buffer.from(JSON.stringify({ ...sample, ...more })), from, window)

describe('a metric', () => {
  it('is a point with the time of its sender and the deployment of its key', () => {
    expect(linesOf(metric())).toEqual([
      'cpu,host=vm_a1b2c3,instance=vm_a1b2c3,node=vm,deployment=shop.eu,tenant=acme total_system=12.5 1790000000000000000',
    ])
    expect(linesOf(metric({ time: 1_790_000_000.123456 }))[0]).toContain(' 1790000000123456000')
    expect(linesOf(metric({ name: 'a, b=c', path: 'x y', node_name: undefined }))[0]).toMatch(
      /^a\\,\\ b=c,host=.* x\\ y=12\.5 /,
    )
  })

  it('without a time takes that of its message', () => {
    const withTime = { ...origin, fallbackNs: 1_795_132_800_123_456_789n } as never
    expect(linesOf(metric({ time: null }, withTime))[0]).toMatch(/ 1795132800123456789$/)
    expect(metric({ time: undefined }).refused).toMatchObject([{ code: 'no_timestamp' }])
  })

  it.each([
    [{ metric: '12' }, 'malformed'],
    [{ metric: null }, 'malformed'],
    [{ name: '' }, 'malformed'],
    [{ name: '#cpu' }, 'malformed'],
    [{ path: 5 }, 'malformed'],
    [{ time: 'now' }, 'bad_timestamp'],
    [{ time: 1e300 }, 'bad_timestamp'],
    [{ time: 12 }, 'bad_timestamp'],
    [{ time: 1_900_000_000 }, 'bad_timestamp'],
  ])('with %j is refused as it was sent', (more, code) => {
    const { chunk, refused } = metric(more)
    expect(chunk.starts).toHaveLength(1)
    expect(refused).toMatchObject([{ index: 0, code }])
    expect(JSON.parse(Buffer.from(refused[0]?.bytes ?? []).toString())).toEqual({
      ...sample,
      ...more,
    })
  })

  it.each(['', '[]', 'null', '{"metric": NaN}', '{'])('of %j is malformed', (body) => {
    const { refused } = normaliseCloudifyMetric(Buffer.from(body), origin, window)
    expect(refused).toMatchObject([{ code: 'malformed' }])
  })

  it('of a configuration is nothing', () => {
    const body = Buffer.from('{"service":"cloudify.configuration","state":"start","time":1}')
    expect(normaliseCloudifyMetric(body, origin, window)).toMatchObject({ refused: [] })
  })
})

const log = (message: object, more = {}) => {
  const { chunk, refused } = normaliseCloudifyLog(
    Buffer.from(JSON.stringify(message)),
    { ...origin, ...more },
    { window, nowMs },
  )
  return { records: linesOf({ chunk }).map((line) => JSON.parse(line)), refused, chunk }
}

const event = {
  type: 'cloudify_event',
  event_type: 'task_failed',
  timestamp: '2026-11-19T10:00:00.123Z',
  message_code: null,
  message: { text: "Task failed 'x'\0 [retry 1/60]", arguments: null },
  context: {
    blueprint_id: 'b',
    deployment_id: 'shop.eu',
    execution_id: 'e-1',
    workflow_id: 'install',
    node_id: 'vm_a1b2c3',
    node_name: 'vm',
    tenant: { name: 'another' },
    task_error_causes: [{ type: 'E', message: 'm', traceback: 't' }],
  },
}

describe('a log or event', () => {
  it('is a record that keeps what Cloudify says', () => {
    const { records, chunk } = log(event)
    expect(records).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f]{32}$/),
        '@timestamp': '2026-11-19T10:00:00.123Z',
        observed_timestamp: '2026-11-20T00:00:00.000Z',
        message: "Task failed 'x'<NUL> [retry 1/60]",
        deployment: 'shop.eu',
        node: 'vm',
        instance: 'vm_a1b2c3',
        'event.dataset': 'cloudify_events',
        attributes: {
          type: 'cloudify_event',
          event_type: 'task_failed',
          reported_timestamp: '2026-11-19T10:00:00.123Z',
          execution_id: 'e-1',
          error_causes: '[{"type":"E","message":"m","traceback":"t"}]',
          'context.blueprint_id': 'b',
          'context.deployment_id': 'shop.eu',
          'context.execution_id': 'e-1',
          'context.workflow_id': 'install',
          'context.node_id': 'vm_a1b2c3',
          'context.node_name': 'vm',
          'context.tenant.name': 'another',
        },
      },
    ])
    expect(nameAt(chunk.datasets, 0)).toBe('cloudify_events')
    const logged = log({ ...event, type: 'cloudify_log', event_type: undefined, level: 'WARNING' })
    expect(logged.records).toMatchObject([
      { 'event.dataset': 'cloudify_logs', 'log.level': 'warning', severity_number: 13 },
    ])
  })

  it('has an id that a redelivery repeats and another tenant cannot have', () => {
    const ids = (more = {}) => [idAt(log(event, more).chunk.ids, 0)]
    expect(ids()).toEqual(ids())
    expect(new Set([...ids(), ...ids({ tenant: 'b' }), ...ids({ messageId: 'm2' })]).size).toBe(3)
  })

  it('without text, or with a time that is none, is refused as it was sent', () => {
    expect(log({ ...event, message: {} }).refused).toMatchObject([{ code: 'malformed' }])
    expect(log({ ...event, timestamp: 5 }).refused).toMatchObject([{ code: 'bad_timestamp' }])
    const { refused } = log({ ...event, timestamp: 'x' })
    expect(JSON.parse(Buffer.from(refused[0]?.bytes ?? []).toString())).toMatchObject({
      timestamp: 'x',
    })
  })
})

it('never throws, and has one outcome a message', () => {
  const value = fc.oneof(fc.jsonValue(), fc.constantFrom(...Object.values(sample)))
  const keys = [...Object.keys(sample), ...Object.keys(event), '__proto__']
  const pairs = fc.array(fc.tuple(fc.constantFrom(...keys), value))
  const bodies = fc.oneof(
    fc.string(),
    fc.json(),
    pairs.map((given) => JSON.stringify({ ...sample, ...event, ...Object.fromEntries(given) })),
  )
  fc.assert(
    fc.property(bodies, (text) => {
      const body = Buffer.from(text)
      const points = normaliseCloudifyMetric(body, origin, window)
      expect(points.chunk.starts.length - 1 + points.refused.length).toBeLessThanOrEqual(1)
      const records = normaliseCloudifyLog(body, origin, { window, nowMs })
      expect(records.chunk.starts.length - 1 + records.refused.length).toBe(1)
    }),
    { numRuns: 2000 },
  )
})

it('refuses a log that is nested too deep to be printed', () => {
  const nested = (levels: number) =>
    JSON.stringify(event).replace('{', `{"arguments":${'['.repeat(levels)}${']'.repeat(levels)},`)
  const codes = [50, 120, 2_000, 100_000].map((levels) =>
    normaliseCloudifyLog(Buffer.from(nested(levels)), origin, { window, nowMs }).refused.map(
      ({ code }) => code,
    ),
  )
  expect(codes).toEqual([[], ['malformed'], ['malformed'], ['malformed']])
})

it('is addressed so that it can be sent again to the same tenant', () => {
  const delivery = (exchange: string, routingKey: string, body: object = {}) => ({
    ...{ exchange, routingKey, body: Buffer.from(JSON.stringify(body)) },
    ...{ redelivered: false, deliveryCount: 0 },
    properties: {
      ...{ messageId: undefined, timestamp: undefined, contentType: undefined },
      ...{ contentEncoding: undefined, headers: {} },
    },
  })
  const key = (stream: 'metrics' | 'logs', given: ReturnType<typeof delivery>) => {
    const { exchange, routingKey } = readdress(given, { stream, tenant: 'acme' })
    expect(exchange).toBe(exchanges.cloudify)
    return routingKey
  }
  const monitoring = delivery('cloudify-monitoring', 'shop.eu')
  expect(key('metrics', monitoring)).toBe('acme.shop%2Eeu.cloudify-monitoring')
  expect(key('metrics', delivery('cloudify-monitoring', ''))).toBe('acme.-.cloudify-monitoring')
  expect(key('metrics', delivery('cloudify-monitoring', '.'.repeat(200)))).toHaveLength(121)
  expect(key('logs', delivery('cloudify-logs', '', event))).toBe('acme.shop%2Eeu.cloudify-logs')
  expect(key('logs', delivery('cloudify-events-topic', 'events.hooks'))).toBe(
    'acme.-.cloudify-events-topic',
  )
  const again = readdress(monitoring, { stream: 'metrics', tenant: 'acme' })
  expect(readdress(again, { stream: 'metrics', tenant: 'other' })).toBe(again)
})
