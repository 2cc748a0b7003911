import type { FieldType } from './source.ts'
import type { Values } from './values.ts'

/** Rows of one series, oldest first: times in nanoseconds, and of each field as many values. */
export interface Frame {
  readonly tags: ReadonlyMap<string, string>
  readonly times: readonly bigint[]
  readonly columns: ReadonlyMap<string, Values>
  /** Rows of one time come in the order of the frames. */
  readonly isAggregate?: boolean
  /** Of each row: rows of one time come in this order first, the least first, or the greatest where the answer is newest first. */
  readonly ranks?: readonly bigint[]
  /** Rows come frame after frame, in the order of the answer. */
  readonly isRun?: boolean
}

/** What a FROM item offers: a measurement, or the result of a subquery. */
export interface Table {
  readonly name: string
  readonly fields: ReadonlyMap<string, FieldType>
  readonly tagKeys: readonly string[]
  /** Only of the result of a subquery: those of its fields that are nothing but a tag of what it reads. */
  readonly tagFields?: ReadonlySet<string>
}

/** One row of a frame. */
export interface FrameRow {
  frame: Frame
  index: number
}
