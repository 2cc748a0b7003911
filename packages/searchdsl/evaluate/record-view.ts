import { analyse } from '../analyse.ts'
import type { Json } from '../answer.ts'

/** One stored record as the evaluator reads it. Must stay valid and unchanged until the collector has answered. */
export interface RecordView {
  readonly id: string
  /** The data stream, as `_index`. */
  readonly index: string
  /** The `_doc` sort value: the same in every search, different in every record of one answer. */
  readonly order: number
  /** How many equal records this stands for in the total, `date_histogram`, `histogram` and `terms`; one unless said. */
  readonly weight?: number
  /** By mapping (field-types): date → milliseconds since the epoch (floor), long → number, `message` and keywords → text,
   *  `attributes.x` → text. `_id` and `warren.tenant` are fields too. `undefined` when absent or unmapped. */
  get(field: string): string | number | undefined
  /** What a date field has below its milliseconds, 0 to 999,999 nanoseconds. */
  nanos(field: string): number
  /** Whether it has one attribute at least. */
  hasAttributes(): boolean
  /** The words of `message`, analysed once. */
  messageTerms(): readonly string[]
  /** `_source`: the record as stored. */
  source(): Readonly<Record<string, Json>>
}

export type Matcher = (record: RecordView) => boolean

/** Any flat record (contracts/log-record, with its stamps) as a view. */
export class PlainRecordView implements RecordView {
  readonly id: string
  readonly index: string
  readonly order: number
  readonly #source: Readonly<Record<string, Json>>
  #terms: readonly string[] | undefined

  constructor(
    place: { id: string; index: string; order: number },
    source: Readonly<Record<string, Json>>,
  ) {
    this.id = place.id
    this.index = place.index
    this.order = place.order
    this.#source = source
  }

  get(field: string): string | number | undefined {
    if (field === '_id') return this.id
    const value = keyOf(this.#source, field)
    if (field === '@timestamp' || field === 'observed_timestamp')
      return typeof value === 'string' ? Date.parse(value.replace(/(\.\d{3})\d+/, '$1')) : undefined
    return typeof value === 'string' || typeof value === 'number' ? value : undefined
  }

  nanos(field: string): number {
    const value = keyOf(this.#source, field)
    const digits = typeof value === 'string' ? /\.\d{3}(\d+)/.exec(value)?.[1] : undefined
    return digits === undefined ? 0 : Number(digits.padEnd(6, '0').slice(0, 6))
  }

  hasAttributes(): boolean {
    const attributes = this.#source['attributes']
    return typeof attributes === 'object' && Object.keys(attributes ?? {}).length > 0
  }

  messageTerms(): readonly string[] {
    if (this.#terms === undefined) {
      const message = this.get('message')
      this.#terms = typeof message === 'string' ? analyse(message) : []
    }
    return this.#terms
  }

  source(): Readonly<Record<string, Json>> {
    return this.#source
  }
}

function keyOf(source: Readonly<Record<string, Json>>, field: string): Json | undefined {
  const attributes = source['attributes']
  const key = field.startsWith('attributes.') ? field.slice('attributes.'.length) : undefined
  if (key === undefined || typeof attributes !== 'object' || attributes === null)
    return source[field]
  const value = (attributes as Readonly<Record<string, Json>>)[key]
  return value === undefined || value === null ? undefined : String(value)
}
