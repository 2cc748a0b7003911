import { malformed, refused } from '../errors.ts'
import { limits } from '../limits.ts'
import { type ObjectReader, readObject, required } from '../read/object-reader.ts'

/** The reader without what all pipelines have. */
export function openPipeline(type: string, body: unknown): ObjectReader {
  const reader = readObject(body, type)
  // How to print `value_as_string`, which nobody reads.
  reader.text('format')
  const gapPolicy = reader.text('gap_policy') ?? 'skip'
  if (gapPolicy !== 'skip')
    throw refused(`[gap_policy] [${gapPolicy}] is not accepted in [${type}]`)
  return reader
}

export function parsePath(reader: ObjectReader): string {
  const sent = reader.take('buckets_path')
  const only = Array.isArray(sent) && sent.length === 1 ? sent[0] : sent
  const path = checkPathText(required(only, 'buckets_path', reader.where))
  if (path.includes('>')) throw refused(`buckets_path [${path}] must name a metric beside it`)
  return path
}

export function checkPathText(path: unknown): string {
  if (typeof path !== 'string' || path === '') throw malformed('[buckets_path] must be a text')
  return path
}

export function checkWindow(window: number): number {
  if (Number.isInteger(window) && window >= 1 && window <= limits.window) return window
  throw malformed(`[window] must be a positive integer up to ${limits.window}`)
}
