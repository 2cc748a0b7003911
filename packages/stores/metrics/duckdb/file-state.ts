import type { StoredColumn } from './day-reader.ts'
import type { DayWriter } from './day-writer.ts'
import { KeptReads } from './kept-reads.ts'
import type { FieldKind } from './schema.ts'

/** What stays in memory of an attached file. */
export interface MetricFileState {
  /** Undefined until the file is written to, and again after a write failed. */
  writer: DayWriter | undefined
  /** By measurement and fields: what reading the dictionary gave since the last addition to it. */
  readonly columnCache: KeptReads<StoredColumn>
  /** By measurement: the same of its fields. */
  readonly fieldCache: KeptReads<readonly [string, FieldKind]>
  additions: number
}

/** A column takes about 150 bytes. */
const maxColumns = 65_536
const maxFields = 16_384

export const newFileState = (): MetricFileState => ({
  writer: undefined,
  columnCache: new KeptReads(maxColumns),
  fieldCache: new KeptReads(maxFields),
  additions: 0,
})

/** After the dictionary has grown. */
export function forgetReads(state: MetricFileState): void {
  state.additions++
  state.columnCache.clear()
  state.fieldCache.clear()
}
