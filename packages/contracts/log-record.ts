import { z } from 'zod'

const text = z.string()

/** One log record, one JSON object a line on `warren.logs`: ECS names over the OpenTelemetry log model. Unknown top-level keys are moved to `attributes` by the poller. */
export const logRecordSchema = z.object({
  /** 32 hex digits: the first 128 bits of SHA-256(tenant, agent id, file generation, offset, line bytes), or of (tenant, sender, the sender's own id). */
  id: text.optional(),
  /** RFC 3339, up to nanoseconds. */
  '@timestamp': text,
  observed_timestamp: text.optional(),
  message: text,
  'log.level': text.optional(),
  /** OpenTelemetry: 1 (TRACE) to 24 (FATAL4). */
  severity_number: z.int().min(1).max(24).optional(),
  'service.name': text.optional(),
  'host.name': text.optional(),
  'agent.id': text.optional(),
  deployment: text.optional(),
  node: text.optional(),
  instance: text.optional(),
  'log.file.path': text.optional(),
  /** Byte offset of the line in its file. */
  'log.offset': z.int().min(0).optional(),
  'trace.id': text.optional(),
  'span.id': text.optional(),
  'event.dataset': text.optional(),
  attributes: z.record(text, z.union([text, z.number(), z.boolean()])).optional(),
})

export type LogRecord = z.infer<typeof logRecordSchema>

/** The keys of a record that are exact keywords in both log stores; `message` alone is analysed text. */
export const keywordFields = [
  'log.level',
  'service.name',
  'host.name',
  'agent.id',
  'deployment',
  'node',
  'instance',
  'log.file.path',
  'trace.id',
  'span.id',
  'event.dataset',
] as const
