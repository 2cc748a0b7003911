import type { SearchRequest, Sort } from '../../tree.ts'
import type { RecordView } from '../record-view.ts'
import { compareBySort, parseSortKey, type SortKey, sortKeyOf } from './sort-key.ts'

export interface Ranked {
  readonly key: SortKey
  readonly record: RecordView
}

/** What hits are ordered by when the request does not say. */
const indexOrder: readonly Sort[] = [{ field: '_doc', direction: 'asc' }]

/** Keeps the first `from + size` records in the request's order, in memory that does not grow with the matches. */
export class TopHits {
  readonly #sorts: readonly Sort[]
  readonly #compare: (a: SortKey, b: SortKey) => number
  readonly #after: SortKey | undefined
  readonly #from: number
  readonly #capacity: number
  #kept: Ranked[] = []
  /** Nothing after this one can be among the first. */
  #worst: SortKey | undefined

  constructor({ sort, searchAfter, from, size }: SearchRequest) {
    this.#sorts = sort.length === 0 ? indexOrder : sort
    this.#compare = compareBySort(this.#sorts)
    this.#after = searchAfter && parseSortKey(this.#sorts, searchAfter)
    this.#from = from
    this.#capacity = size === 0 ? 0 : from + size
  }

  add(record: RecordView): void {
    if (this.#capacity === 0) return
    const key = sortKeyOf(this.#sorts, record)
    if (this.#after !== undefined && this.#compare(key, this.#after) <= 0) return
    if (this.#worst !== undefined && this.#compare(key, this.#worst) >= 0) return
    this.#kept.push({ key, record })
    if (this.#kept.length >= this.#capacity * 2 + 100) this.#cut()
  }

  #cut(): void {
    this.#kept.sort((a, b) => this.#compare(a.key, b.key))
    this.#kept.length = Math.min(this.#kept.length, this.#capacity)
    if (this.#kept.length === this.#capacity) this.#worst = this.#kept.at(-1)?.key
  }

  /** The page asked for, in order. */
  page(): readonly Ranked[] {
    this.#cut()
    return this.#kept.slice(this.#from)
  }
}
