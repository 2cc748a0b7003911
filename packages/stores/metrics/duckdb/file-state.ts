import type { StoredColumn } from './day-reader.ts'
import type { DayWriter } from './day-writer.ts'
import type { FieldKind } from './schema.ts'

/** What stays in memory of an attached file. */
export interface MetricFileState {
  /** Undefined until the file is written to, and again after a write failed. */
  writer: DayWriter | undefined
  /** By measurement and fields: what reading the dictionary gave since the last addition to it. */
  readonly columnCache: Map<string, readonly StoredColumn[]>
  /** By measurement: the same of its fields. */
  readonly fieldCache: Map<string, readonly (readonly [string, FieldKind])[]>
  additions: number
}

export const newFileState = (): MetricFileState => ({
  writer: undefined,
  columnCache: new Map(),
  fieldCache: new Map(),
  additions: 0,
})

/** After the dictionary has grown. */
export function forgetReads(state: MetricFileState): void {
  state.additions++
  state.columnCache.clear()
  state.fieldCache.clear()
}
