import { analyse } from '@warren/searchdsl/analyse'
import type { Json } from '@warren/searchdsl/answer'
import type { RecordView } from '@warren/searchdsl/evaluate/record-view'
import { toIdText } from './read-ids.ts'
import { fromStoredText } from './stored-text.ts'
import { keywordColumns, position } from './table.ts'
import { toTimeText } from './time-text.ts'

export type Cell = string | bigint | null

/** Where a row of a day file is: what every record of one file has in common. */
export interface RowPlace {
  readonly tenant: string
  /** `_index` of a dataset. */
  readonly indexOf: (dataset: string) => string
  /** Added to the row number for the `_doc` order. */
  readonly firstOrder: number
}

/** Column by its number in the table; absent when the search did not read it. */
export type CellReader = (column: number) => Cell

const columnOfField = new Map<string, number>([
  ['message', position.message],
  ['severity_number', position.severity],
  ['log.offset', position.offset],
  ...keywordColumns.map(({ field }, i) => [field, position.firstKeyword + i] as const),
])

const nsOfMs = 1_000_000n

/** One row as the evaluator reads it. Cells are decoded when they are asked for. */
export class RowView implements RecordView {
  readonly order: number
  readonly #place: RowPlace
  readonly #cell: CellReader
  #terms: readonly string[] | undefined
  #attributes: Readonly<Record<string, Json>> | undefined

  constructor(place: RowPlace, row: number, cell: CellReader) {
    this.order = place.firstOrder + row
    this.#place = place
    this.#cell = cell
  }

  get id(): string {
    return toIdText(this.#long(position.idHigh), this.#long(position.idLow))
  }

  get index(): string {
    return this.#place.indexOf(String(this.#cell(position.stream)))
  }

  get(field: string): string | number | undefined {
    if (field === '@timestamp') return Number(this.#long(position.time) / nsOfMs)
    const column = columnOfField.get(field)
    if (column !== undefined) return toValue(this.#cell(column))
    return this.#rareField(field)
  }

  nanos(field: string): number {
    if (field === '@timestamp') return Number(this.#long(position.time) % nsOfMs)
    const observed = String(this.#cell(position.observed) ?? '')
    const digits = /\.\d{3}(\d+)/.exec(observed)?.[1] ?? ''
    return Number(digits.padEnd(6, '0').slice(0, 6))
  }

  hasAttributes(): boolean {
    return Object.keys(this.#attributesOf()).length > 0
  }

  messageTerms(): readonly string[] {
    this.#terms ??= analyse(String(this.get('message') ?? ''))
    return this.#terms
  }

  source(): Readonly<Record<string, Json>> {
    const source: Record<string, Json> = {
      id: this.id,
      '@timestamp': toTimeText(this.#long(position.time)),
      'warren.tenant': this.#place.tenant,
    }
    const observed = this.#cell(position.observed)
    if (observed !== null) source['observed_timestamp'] = String(observed)
    for (const field of columnOfField.keys()) {
      const value = this.get(field)
      if (value !== undefined) source[field] = value
    }
    const attributes = this.#cell(position.attributes)
    if (attributes !== null) source['attributes'] = JSON.parse(String(attributes)) as Json
    return source
  }

  #rareField(field: string): string | number | undefined {
    if (field === '_id') return this.id
    if (field === 'warren.tenant') return this.#place.tenant
    if (field === 'observed_timestamp') {
      const ms = Date.parse(String(this.#cell(position.observed)).replace(/(\.\d{3})\d+/, '$1'))
      return Number.isNaN(ms) ? undefined : ms
    }
    if (!field.startsWith('attributes.')) return undefined
    const value = this.#attributesOf()[field.slice('attributes.'.length)]
    return value === undefined || value === null ? undefined : String(value)
  }

  #attributesOf(): Readonly<Record<string, Json>> {
    if (this.#attributes === undefined) {
      const text = this.#cell(position.attributes)
      this.#attributes = text === null ? {} : (JSON.parse(String(text)) as Record<string, Json>)
    }
    return this.#attributes
  }

  #long(column: number): bigint {
    const value = this.#cell(column)
    return typeof value === 'bigint' ? value : 0n
  }
}

function toValue(cell: Cell): string | number | undefined {
  if (cell === null) return undefined
  return typeof cell === 'bigint' ? Number(cell) : fromStoredText(cell)
}
