import { gzipSync } from 'node:zlib'
import { ValueType } from '@opentelemetry/api'
import { SeverityNumber } from '@opentelemetry/api-logs'
import { OTLPLogExporter as JsonLogExporter } from '@opentelemetry/exporter-logs-otlp-http'
import { OTLPLogExporter as ProtobufLogExporter } from '@opentelemetry/exporter-logs-otlp-proto'
import { OTLPMetricExporter as JsonExporter } from '@opentelemetry/exporter-metrics-otlp-http'
import { OTLPMetricExporter as ProtobufExporter } from '@opentelemetry/exporter-metrics-otlp-proto'
import { JsonTraceSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs'
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { startTestCollector, type TestCollector } from './testing.ts'

let world: TestCollector

beforeAll(async () => {
  world = await startTestCollector()
})
afterAll(() => world?.close())
beforeEach(() => world.forget())

const lines = (): string[] =>
  world
    .received()
    .flatMap(({ body }) => body.split('\n'))
    .filter((line) => line !== '')

const withoutTime = (line: string): string => line.replace(/ \d{19}$/, '')

const arrived = (count: number) =>
  vi.waitFor(() => expect(lines().length).toBeGreaterThanOrEqual(count), { timeout: 60_000 })

const exporters = { protobuf: ProtobufExporter, json: JsonExporter }

test.each(['protobuf', 'json'] as const)(
  'takes the OpenTelemetry SDK over %s',
  async (encoding) => {
    const exporter = new exporters[encoding]({
      url: `${world.url}/v1/metrics`,
      headers: { Authorization: 'Bearer good' },
    })
    const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })
    const provider = new MeterProvider({
      resource: resourceFromAttributes({
        'service.name': `shop-${encoding}`,
        'host.name': 'web 1',
        'process.pid': 77,
      }),
      readers: [reader],
    })
    const meter = provider.getMeter('http')
    const requests = meter.createCounter('http.requests', {
      ...{ unit: '{request}', description: 'Requests' },
      valueType: ValueType.INT,
    })
    requests.add(3, { 'http.method': 'GET', value: 'x' })
    meter.createUpDownCounter('queue.depth').add(-2.5)
    const times = meter.createHistogram('http.duration', {
      unit: 'ms',
      advice: { explicitBucketBoundaries: [10, 100] },
    })
    for (const ms of [5, 50, 500]) times.record(ms, { ok: true })
    meter
      .createObservableGauge('memory', { unit: 'By' })
      .addCallback((result) => result.observe(512))
    await provider.forceFlush()
    await provider.shutdown()
    // Both flush and shutdown export; what fields mean is news the first time only.
    const points = 14
    await arrived(encoding === 'protobuf' ? points + 8 : points)
    if (encoding === 'json') expect(lines().filter((line) => line.startsWith('{'))).toEqual([])
    const common = `host=web\\ 1,otel.scope.name=http,service.name=shop-${encoding}`
    expect(lines().map(withoutTime)).toEqual(
      expect.arrayContaining([
        `http.requests,host=web\\ 1,http.method=GET,otel.scope.name=http,service.name=shop-${encoding},value_=x value=3`,
        `queue.depth,${common} value=-2.5`,
        `http.duration,host=web\\ 1,ok=true,otel.scope.name=http,service.name=shop-${encoding} count=3i,sum=555,min=5,max=500`,
        `http.duration,host=web\\ 1,le=10,ok=true,otel.scope.name=http,service.name=shop-${encoding} bucket=1i`,
        `http.duration,host=web\\ 1,le=100,ok=true,otel.scope.name=http,service.name=shop-${encoding} bucket=2i`,
        `http.duration,host=web\\ 1,le=+Inf,ok=true,otel.scope.name=http,service.name=shop-${encoding} bucket=3i`,
        `memory,${common} value=512`,
      ]),
    )
    expect(world.received().map(({ key }) => key)).toContain('default.-.web%201')
    if (encoding === 'protobuf')
      expect(lines()).toEqual(
        expect.arrayContaining([
          '{"measurement":"http.requests","field":"value","mtype":"counter","unit":"request","what":"Requests"}',
          '{"measurement":"queue.depth","field":"value","mtype":"gauge"}',
          '{"measurement":"http.duration","field":"sum","mtype":"counter","unit":"ms"}',
          '{"measurement":"http.duration","field":"bucket","mtype":"counter"}',
          '{"measurement":"memory","field":"value","mtype":"gauge","unit":"B"}',
        ]),
      )
  },
)

interface Post {
  readonly path?: string
  readonly headers?: Record<string, string>
}

const post = (body: string | Buffer, { path = '/v1/metrics', headers = {} }: Post = {}) =>
  fetch(`${world.url}${path}`, {
    method: 'POST',
    headers: { authorization: 'Bearer good', 'content-type': 'application/json', ...headers },
    body: Buffer.from(body as string),
  })

const requestOf = (dataPoints: readonly object[], metric: object = {}): string =>
  JSON.stringify({
    resourceMetrics: [
      { scopeMetrics: [{ metrics: [{ name: 'm', gauge: { dataPoints }, ...metric }] }] },
    ],
  })

test('takes good points beside bad ones, and names the bad', async () => {
  const late = '18446744073709551615'
  const answer = await post(
    requestOf([
      { asDouble: 1, timeUnixNano: '1700000000000000001' },
      { asDouble: 2, timeUnixNano: late },
      { asDouble: 'NaN', timeUnixNano: '1700000000000000002' },
      { flags: 1, timeUnixNano: '1700000000000000003' },
    ]),
  )
  expect([answer.status, await answer.json()]).toEqual([
    200,
    {
      partialSuccess: {
        rejectedDataPoints: '1',
        errorMessage: `m: time ${late} outside range`,
      },
    },
  ])
  await arrived(1)
  expect(lines()[0]).toBe('m value=1 1700000000000000001')
})

test('refuses what it cannot read in the encoding of the request', async () => {
  const wrong = await post('{"resourceMetrics":5}')
  expect([wrong.status, await wrong.json()]).toEqual([
    400,
    { code: 3, message: expect.stringContaining('not an ExportMetricsServiceRequest') },
  ])
  const protobuf = { 'content-type': 'application/x-protobuf' }
  const garbage = await post(Buffer.from([0x0a, 0xff, 0x01]), { headers: protobuf })
  expect(garbage.status).toBe(400)
  expect(garbage.headers.get('content-type')).toBe('application/x-protobuf')
  const bytes = Buffer.from(await garbage.arrayBuffer())
  expect([...bytes.subarray(0, 3)]).toEqual([0x08, 3, 0x12])
  expect(bytes.toString()).toContain('not an ExportMetricsServiceRequest')
  expect((await post('{}', { headers: { 'content-type': 'text/plain' } })).status).toBe(415)
  expect((await post('{}', { headers: { authorization: 'Bearer bad' } })).status).toBe(401)
  expect((await post('{}', { headers: { authorization: 'Bearer reads' } })).status).toBe(401)
})

test('bounds size and depth, packed or not', async () => {
  const gzip = { 'content-encoding': 'gzip' }
  const bomb = gzipSync(Buffer.alloc(8 * 1024 ** 2, ' '))
  expect((await post(bomb, { headers: gzip })).status).toBe(413)
  const fits = gzipSync(requestOf([{ asInt: '7', timeUnixNano: '1700000000000000001' }]))
  expect((await post(fits, { headers: gzip })).status).toBe(200)
  await arrived(1)
  expect(lines()[0]).toBe('m value=7 1700000000000000001')
  const deep = `${'{"arrayValue":{"values":['.repeat(20_000)}${']}}'.repeat(20_000)}`
  const nested = requestOf([{ asInt: 1, attributes: [{ key: 'a', value: 'HERE' }] }])
  expect((await post(nested.replace('"HERE"', deep))).status).toBe(400)
  const attributes = [{ key: 'a', value: { stringValue: 'x'.repeat(60_000) } }]
  const many = JSON.stringify({
    resourceMetrics: [
      {
        resource: { attributes },
        scopeMetrics: [
          {
            metrics: [{ name: 'm', gauge: { dataPoints: Array(1000).fill({ asInt: 1 }) } }],
          },
        ],
      },
    ],
  })
  expect((await post(many)).status).toBe(413)
})

test('takes the log records of the OpenTelemetry SDK, once however often they are sent', async () => {
  const exportersOfLogs = { protobuf: ProtobufLogExporter, json: JsonLogExporter }
  for (const encoding of ['protobuf', 'json'] as const) {
    world.forget()
    const exporter = new exportersOfLogs[encoding]({
      url: `${world.url}/v1/logs`,
      headers: { Authorization: 'Bearer good' },
    })
    const provider = new LoggerProvider({
      resource: resourceFromAttributes({ 'service.name': 'shop', 'host.name': 'web-1' }),
      processors: [new SimpleLogRecordProcessor({ exporter })],
    })
    provider.getLogger('orders').emit({
      severityNumber: SeverityNumber.WARN,
      severityText: 'WARN',
      body: 'slow payment',
      timestamp: [1_700_000_000, 123_456_789],
      observedTimestamp: [1_700_000_001, 0],
      attributes: { 'order.id': 77, retry: true, items: ['a', 'b'], nested: { deep: 1.5 } },
    })
    await provider.forceFlush()
    await provider.shutdown()
    await arrived(1)
    expect(world.received()[0]?.exchange).toBe('warren.logs')
    expect(JSON.parse(lines()[0] ?? '')).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      '@timestamp': '2023-11-14T22:13:20.123456789Z',
      observed_timestamp: '2023-11-14T22:13:21.000000000Z',
      message: 'slow payment',
      'event.dataset': 'otlp',
      'log.level': 'warn',
      severity_number: 13,
      'service.name': 'shop',
      'host.name': 'web-1',
      attributes: {
        'order.id': 77,
        retry: true,
        items: '["a","b"]',
        'nested.deep': 1.5,
        'otel.scope.name': 'orders',
      },
    })
  }
})

const idsOf = async (body: string, count: number): Promise<readonly string[]> => {
  world.forget()
  expect((await post(body, { path: '/v1/logs' })).status).toBe(200)
  await arrived(count)
  return lines().map((line) => JSON.parse(line).id)
}

test('gives records that are sent again their ids again, and equal ones of a request ids of their own', async () => {
  const record = { timeUnixNano: '1700000000000000001', body: { stringValue: 'same' } }
  const logsOf = (logRecords: readonly object[]) =>
    JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] })
  const twice = logsOf([record, record, { ...record, traceId: 'ABCDEF0123456789abcdef0123456789' }])
  const first = await idsOf(twice, 3)
  expect(new Set(first).size).toBe(3)
  expect(await idsOf(twice, 3)).toEqual(first)
  const timeless = logsOf([{ body: { intValue: '5' } }])
  expect(await idsOf(timeless, 1)).not.toEqual(await idsOf(timeless, 1))
  const bad = await post(logsOf([record, { timeUnixNano: '-5' }]), {
    path: '/v1/logs',
  })
  expect(await bad.json()).toEqual({
    partialSuccess: {
      rejectedLogRecords: '1',
      errorMessage: 'time -5 outside range',
    },
  })
})

test.each([
  { contentType: 'application/x-protobuf', serializer: ProtobufTraceSerializer },
  { contentType: 'application/json', serializer: JsonTraceSerializer },
])(
  'says to the OpenTelemetry SDK that it stores no traces, in $contentType',
  async ({ contentType, serializer }) => {
    const exporter = new InMemorySpanExporter()
    const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] })
    for (const name of ['a', 'b']) provider.getTracer('shop').startSpan(name).end()
    const request = serializer.serializeRequest(exporter.getFinishedSpans()) ?? []
    const headers = { 'content-type': contentType }
    const answer = await post(Buffer.from(request), { path: '/v1/traces', headers })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toContain(contentType)
    const { partialSuccess } = serializer.deserializeResponse(await answer.bytes())
    expect(Number(partialSuccess?.rejectedSpans)).toBe(2)
    expect(partialSuccess?.errorMessage).toBe('Warren stores metrics and logs, and no traces')
    await provider.shutdown()
  },
)
