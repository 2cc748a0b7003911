import { z } from 'zod'
import { anyValue, attributes, integer } from './attributes.ts'
import { resource, scope } from './metrics-request.ts'

/** `ExportLogsServiceRequest`: https://github.com/open-telemetry/opentelemetry-proto/blob/v1.7.0/opentelemetry/proto/logs/v1/logs.proto */

const logRecord = z.object({
  timeUnixNano: integer.optional(),
  observedTimeUnixNano: integer.optional(),
  severityNumber: z.int().optional(),
  severityText: z.string().optional(),
  body: anyValue.optional(),
  attributes,
  traceId: z.string().optional(),
  spanId: z.string().optional(),
  eventName: z.string().optional(),
})

const scopeLogs = z.object({ scope, logRecords: z.array(logRecord).optional() })

export const logsRequestSchema = z.object({
  resourceLogs: z
    .array(z.object({ resource, scopeLogs: z.array(scopeLogs).optional() }))
    .optional(),
})

export type LogsRequest = z.infer<typeof logsRequestSchema>
export type OtlpRecord = z.infer<typeof logRecord>
