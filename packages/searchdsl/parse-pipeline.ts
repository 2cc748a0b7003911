import { malformed, refused } from './errors.ts'
import { readObject, required } from './object-reader.ts'
import { parseDuration } from './parse-histograms.ts'
import type { PipelineMetric } from './tree.ts'

/** Pipelines that compute along the buckets of a histogram without a script. */
export function parsePipeline(type: PipelineMetric['type'], body: unknown): PipelineMetric {
  const reader = readObject(body, type)
  const sent = reader.take('buckets_path')
  const path = Array.isArray(sent) && sent.length === 1 ? sent[0] : sent
  // How to print `value_as_string`, which nobody reads.
  reader.text('format')
  const gapPolicy = reader.text('gap_policy') ?? 'skip'
  const unit = type === 'derivative' ? reader.text('unit') : undefined
  const lag = type === 'serial_diff' ? (reader.number('lag') ?? 1) : undefined
  reader.end()
  if (gapPolicy !== 'skip')
    throw refused(`[gap_policy] [${gapPolicy}] is not accepted in [${type}]`)
  if (lag !== undefined && (!Number.isInteger(lag) || lag < 1))
    throw malformed('[lag] must be a positive integer')
  return {
    type,
    path: checkPath(required(path, 'buckets_path', type)),
    ...(unit === undefined ? {} : { unit: { text: unit, ms: unitMs(unit) } }),
    ...(lag === undefined ? {} : { lag }),
  }
}

function checkPath(path: unknown): string {
  if (typeof path !== 'string' || path === '') throw malformed('[buckets_path] must be a text')
  if (path.includes('>')) throw refused(`buckets_path [${path}] must name a metric beside it`)
  return path
}

function unitMs(text: string): number {
  const ms = parseDuration(text)
  if (ms === undefined || ms < 1) throw malformed(`unknown [unit] [${text}]`)
  return ms
}
