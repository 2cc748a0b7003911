import type { FieldType } from './source.ts'
import type { Values } from './values.ts'

/** One series of an answer, in its order. */
export interface OutputSeries {
  readonly name: string
  readonly tags: ReadonlyMap<string, string>
  readonly times: readonly bigint[]
  /** As many as the names of the output, each as long as the times. */
  readonly columns: readonly Values[]
  /** Of calls: a query around it takes rows of one time in the order of the series. */
  readonly isAggregate?: boolean
  /** Where rows of one time come in an order of their own: the least first, or the greatest where the answer is newest first. */
  readonly ranks?: readonly bigint[]
  /** One of several that follow each other whatever their times. */
  readonly isRun?: boolean
}

export interface Output {
  /** The name of the time column. */
  readonly timeName: string
  readonly names: readonly string[]
  readonly types: readonly FieldType[]
  /** Of each column, whether it is nothing but a tag. */
  readonly areTags: readonly boolean[]
  /** Tags that it groups by itself: queries around it may group its series by more. */
  readonly dimensions: readonly string[]
  readonly series: readonly OutputSeries[]
  readonly timeZone?: string | undefined
}
