import type { KeptQuery } from '@warren/contracts/http/query-insights'
import { Figures } from './figures.ts'
import { bytesOf, type KeepQuery } from './kept-query.ts'
import { NamedFigures } from './named-figures.ts'
import type { QueryRecord } from './record.ts'

const mostSlow = 3
/** Of one row with its key, about. */
const rowBytes = 300

/** The queries of one tenant in one slot of time. */
export class TenantFigures {
  readonly total = new Figures()
  readonly by = {
    dashboard: new NamedFigures('dashboard'),
    panel: new NamedFigures('panel'),
    user: new NamedFigures('user'),
    token: new NamedFigures('token'),
  }
  readonly #names = Object.values(this.by)
  readonly #keepQuery: KeepQuery
  /** Slowest first. */
  slowest: readonly KeptQuery[] = []

  constructor(keepQuery: KeepQuery) {
    this.#keepQuery = keepQuery
  }

  /** Takes no more memory, but for the rests, where there is no room. Returns how many bytes it has taken, about. */
  note(record: QueryRecord, nowMs: number, hasRoom: boolean): number {
    const before = this.total.queries === 0 ? rowBytes : 0
    this.total.note(record)
    let rows = 0
    for (const names of this.#names) rows += names.note(record, hasRoom)
    return before + rows * rowBytes + (hasRoom ? this.#keepSlow(record, nowMs) : 0)
  }

  /** Prints the few that are slower than those before. */
  #keepSlow(record: QueryRecord, nowMs: number): number {
    const last = this.slowest[mostSlow - 1]
    if (last !== undefined && last.tookMs >= record.tookMs) return 0
    const kept = this.#keepQuery(record, nowMs)
    this.slowest = [...this.slowest, kept].sort(bySlowness).slice(0, mostSlow)
    return bytesOf(kept) - (last === undefined ? 0 : bytesOf(last))
  }
}

export const bySlowness = (one: KeptQuery, other: KeptQuery): number => other.tookMs - one.tookMs
