/** One line of a stream: https://grafana.com/docs/loki/latest/reference/loki-http-api/#ingest-logs */
export interface Entry {
  /** Since the epoch, as decimal text. */
  readonly seconds: string
  readonly nanoseconds: number
  readonly line: string
  /** Structured metadata, in the order of the sender. */
  readonly metadata: readonly Label[]
}

export type Label = readonly [name: string, value: string]

export interface PushVisitor {
  /** A stream begins; its entries follow. */
  stream(labels: readonly Label[]): void
  entry(entry: Entry): void
}

/** Of a request. */
export const maxStreams = 100_000
/** Of a stream, and of an entry's metadata. */
export const maxLabels = 256

export function checkLabels(labels: readonly Label[]): readonly Label[] {
  if (labels.length > maxLabels) throw new Error(`more than ${maxLabels} labels of one stream`)
  return labels
}
