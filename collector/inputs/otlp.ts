import { counter } from '@warren/platform/metrics'
import type { Sender } from '../credentials.ts'
import { answerError, answerTaken, type PartialSuccess, type Rejected } from '../otlp/answer.ts'
import { readRequest } from '../otlp/encoding.ts'
import { logsRequestSchema } from '../otlp/logs-request.ts'
import { metricsRequestSchema } from '../otlp/metrics-request.ts'
import { logsRequest, metricsRequest, traceRequest } from '../otlp/shapes.ts'
import { toMetricMessages } from '../otlp/to-messages.ts'
import { toRecordMessages } from '../otlp/to-record-messages.ts'
import { countSpans, traceRequestSchema } from '../otlp/trace-request.ts'
import { readBody } from '../read-body.ts'
import { publish, publishMetadata, publishRecords, type WriteRequest } from '../receiving.ts'
import { writeRoute } from '../write-route.ts'
import type { Input, InputContext } from './input.ts'

/** Lines repeat a resource's attributes at each of its points. */
const maxExpansion = 4

const kinds = {
  metrics: {
    ...{ name: 'ExportMetricsServiceRequest', shape: metricsRequest },
    schema: metricsRequestSchema,
  },
  logs: {
    ...{ name: 'ExportLogsServiceRequest', shape: logsRequest },
    schema: logsRequestSchema,
  },
  traces: {
    ...{ name: 'ExportTraceServiceRequest', shape: traceRequest },
    schema: traceRequestSchema,
  },
}

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
      const { metadata, ...messages } = toMetricMessages(
        readRequest(body, request, kinds.metrics),
        {
          ...{ messageBytes, maxBytes: maxExpansion * maxBodyBytes, arrivedMs: Date.now() },
          leftOut: (reason) => leftOut.inc({ reason }),
        },
      )
      await publish(context, sender, messages)
      await publishMetadata(context, sender, metadata)
      return toPartial(messages.refused, messages.problems.join('\n'))
    },
    logs: async ({ request }, sender) => {
      const body = await readBody(request, maxBodyBytes)
      const found = toRecordMessages(readRequest(body, request, kinds.logs), {
        ...{ sender, messageBytes, maxBytes: maxExpansion * maxBodyBytes, arrivedMs: Date.now() },
        onRefused: () => leftOut.inc({ reason: 'bad_record' }),
      })
      await publishRecords(context, sender, found.bodies)
      return toPartial(found.refused, found.problems.join('\n'))
    },
    traces: async ({ request }) => {
      const body = await readBody(request, maxBodyBytes)
      const spans = countSpans(readRequest(body, request, kinds.traces))
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
