import type { NumberBlocks } from '../answers/result-columns.ts'
import type { TimeRange } from '../time-range.ts'
import type { Fill } from '../tree.ts'
import type { Compiled } from './expressions/compile-expression.ts'
import type { FrameRow, Table } from './frame.ts'
import type { Windows } from './windows/windows.ts'

/** How the calls of one SELECT are computed. */
export interface CallPlan {
  readonly table: Table
  readonly windows: Windows
  readonly fill: Fill
  readonly ascending: boolean
  /** The only call is a selector: without buckets a point keeps its time. */
  readonly isSelector: boolean
  /** Other fields or tags are taken from the selected point. */
  readonly needsRows: boolean
  /** The values of those, by name. */
  readonly others: readonly Compiled<FrameRow>[]
  readonly matches: Compiled<FrameRow> | undefined
  /** The range that was read: that of the calls, with the most extra buckets any of them needs. */
  readonly loaded: TimeRange
  /** Of each call on its own. */
  readonly limit: number
  readonly offset: number
  /** Memory for the floats of its points. */
  readonly blocks: NumberBlocks
}

export interface ExtraPlan extends CallPlan {
  /** Buckets before the range that a transformation around the call looks at. */
  readonly extra: number
}
