import type { RecordView } from '@warren/searchdsl/evaluate/record-view'

/** Rows that SQL grouped, as one record that aggregations read. */
export class GroupView implements RecordView {
  readonly id = ''
  readonly index = ''
  readonly order = 0
  readonly weight: number
  readonly #values: ReadonlyMap<string, string | number>

  constructor(weight: number, values: ReadonlyMap<string, string | number>) {
    this.weight = weight
    this.#values = values
  }

  get(field: string): string | number | undefined {
    return this.#values.get(field)
  }

  nanos(): number {
    return 0
  }

  hasAttributes(): boolean {
    return false
  }

  messageTerms(): readonly string[] {
    return []
  }

  source(): Readonly<Record<string, never>> {
    return {}
  }
}
