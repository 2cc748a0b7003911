import { counter } from '@warren/platform/metrics'
import type { Sender } from '../credentials.ts'
import type { LeftOut } from '../otlp/add-point.ts'
import { answerError, answerTaken, type PartialSuccess, type Rejected } from '../otlp/answer.ts'
import { checkedBy, kindOf, readRequest } from '../otlp/encoding.ts'
import { logsRequestSchema } from '../otlp/logs-request.ts'
import { metricsRequestSchema } from '../otlp/metrics-request.ts'
import { readMetricMessages } from '../otlp/read-metrics.ts'
import { logsRequest, traceRequest } from '../otlp/shapes.ts'
import { type MetricOptions, toMetricMessages } from '../otlp/to-messages.ts'
import { toRecordMessages } from '../otlp/to-record-messages.ts'
import { countSpans, traceRequestSchema } from '../otlp/trace-request.ts'
import { readBody } from '../read-body.ts'
import { publish, publishMetadata, publishRecords, type WriteRequest } from '../receiving.ts'
import { writeRoute } from '../write-route.ts'
import type { Input, InputContext } from './input.ts'

/** Lines repeat a resource's attributes at each of its points. */
const maxExpansion = 4

const logs = kindOf('ExportLogsServiceRequest', { shape: logsRequest, schema: logsRequestSchema })
const traces = kindOf('ExportTraceServiceRequest', {
  ...{ shape: traceRequest, schema: traceRequestSchema },
})

/** Protobuf goes from bytes to lines, JSON through its objects. */
const metricsFor = (options: MetricOptions) => ({
  name: 'ExportMetricsServiceRequest',
  fromProtobuf: (body: Buffer) => readMetricMessages(body, options),
  fromJson: (parsed: unknown) => toMetricMessages(checkedBy(metricsRequestSchema)(parsed), options),
})

const toPartial = (rejected: number, message: string): PartialSuccess | undefined =>
  rejected === 0 ? undefined : { rejected, message }

type Take = (write: WriteRequest, sender: Sender) => Promise<PartialSuccess | undefined>

function createTakes(context: InputContext): Readonly<Record<'metrics' | 'logs' | 'traces', Take>> {
  const { maxBodyBytes, messageBytes } = context.settings
  const leftOut = counter(context.registry, {
    name: 'warren_collector_otlp_left_out_total',
    help: 'Data points, buckets, log records and spans of OTLP that are not stored',
    labels: ['reason'],
  })
  return {
    metrics: async ({ request }, sender) => {
      const body = await readBody(request, maxBodyBytes)
      const left = new Map<LeftOut, number>()
      const kind = metricsFor({
        ...{ messageBytes, maxBytes: maxExpansion * maxBodyBytes, arrivedMs: Date.now() },
        leftOut: (reason) => left.set(reason, (left.get(reason) ?? 0) + 1),
      })
      const { metadata, ...messages } = readRequest(body, request, kind)
      for (const [reason, count] of left) leftOut.inc({ reason }, count)
      await publish(context, sender, messages)
      await publishMetadata(context, sender, metadata)
      return toPartial(messages.refused, messages.problems.join('\n'))
    },
    logs: async ({ request }, sender) => {
      const body = await readBody(request, maxBodyBytes)
      const found = toRecordMessages(readRequest(body, request, logs), {
        ...{ sender, messageBytes, maxBytes: maxExpansion * maxBodyBytes, arrivedMs: Date.now() },
        onRefused: () => leftOut.inc({ reason: 'bad_record' }),
      })
      await publishRecords(context, sender, found.bodies)
      return toPartial(found.refused, found.problems.join('\n'))
    },
    traces: async ({ request }) => {
      const body = await readBody(request, maxBodyBytes)
      const spans = countSpans(readRequest(body, request, traces))
      leftOut.inc({ reason: 'span' }, spans)
      return toPartial(spans, 'Warren stores metrics and logs, and no traces')
    },
  }
}

/** OpenTelemetry's protocol over HTTP: https://opentelemetry.io/docs/specs/otlp/#otlphttp */
export const otlp: Input = {
  type: 'otlp',
  mount: (app, context) => {
    const takes = createTakes(context)
    const route = (take: Take, rejected: Rejected) =>
      writeRoute(context, {
        take,
        answer: answerError,
        accept: (response, partial: PartialSuccess | undefined) =>
          answerTaken(response.status(200), rejected, partial),
      })
    app.post('/v1/metrics', route(takes.metrics, 'rejectedDataPoints'))
    app.post('/v1/logs', route(takes.logs, 'rejectedLogRecords'))
    app.post('/v1/traces', route(takes.traces, 'rejectedSpans'))
  },
}
