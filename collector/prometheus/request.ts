import type { MetricDescription } from './meaning.ts'

export interface Sample {
  value: number
  timeMs: bigint
  /** The series has ended: a NaN of this very bit pattern. */
  isStale: boolean
}

/** What a request of either version says, in its order. */
export interface RequestVisitor {
  /** A series begins; false passes over its samples. The labels are the visitor's. */
  series(labels: ReadonlyMap<string, string>): boolean
  /** A series that nothing can be made of. */
  badSeries(problem: string): void
  /** The object is used again for the next one. */
  sample(sample: Readonly<Sample>): void
  /** The meaning of a family of series. */
  family(name: string, description: MetricDescription): void
  /** The meaning of the series that began last. */
  described(description: MetricDescription): void
  /** Of the series, and not read. */
  passedOver(kind: 'exemplar' | 'histogram'): void
}

export interface ReadBounds {
  readonly maxSeries: number
  /** Of one series. */
  readonly maxLabels: number
  /** Of one request of 2.0. */
  readonly maxSymbols: number
}

/** One version of remote write. */
export interface RequestKind {
  /** Of its message, as `proto` of the content type. */
  readonly name: string
  /** Throws for what is none or beyond the bounds: the visitor may have seen a part of it. */
  readonly read: (body: Buffer, visitor: RequestVisitor, bounds: ReadBounds) => void
}
