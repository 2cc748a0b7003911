import type { Collector } from '@warren/searchdsl/evaluate/collector'
import type { TopHits } from '@warren/searchdsl/evaluate/hits/top-hits'
import type { Matcher } from '@warren/searchdsl/evaluate/match/matcher'
import type { SearchRequest } from '@warren/searchdsl/tree'
import type { EarlyEnd } from './early-end.ts'
import type { HitOrder } from './hit-order.ts'
import type { PushedGroups } from './pushed-groups.ts'
import type { Company } from './turn.ts'
import type { WordSearch } from './words/word-search.ts'

/** One search, prepared for all its files. */
export interface DaySearch extends Company {
  readonly request: SearchRequest
  /** Data streams, by dataset. */
  readonly streams: ReadonlyMap<string, string>
  readonly tenant: string
  /** Leaves every match and perhaps more. */
  readonly where: string
  /** Undefined when `where` is exact. */
  readonly matcher: Matcher | undefined
  /** How SQL can count for the aggregations; only when `where` is exact. */
  readonly groups: PushedGroups | undefined
  /** How SQL can order the hits; only when `where` is exact. */
  readonly order: HitOrder | undefined
  /** What the index of words can do for it; only when `where` is not exact. */
  readonly words: WordSearch | undefined
  readonly queryColumns: ReadonlySet<number>
  readonly resultColumns: ReadonlySet<number>
  /** When it has its answer before every match was seen; only when `where` is not exact. */
  readonly earlyEnd: EarlyEnd | undefined
  /** Milliseconds, both inclusive; infinite where open. */
  readonly range: { readonly minMs: number; readonly maxMs: number }
  /** Sees every match, until the early end; keeps no hit. */
  readonly collector: Collector
  readonly hits: TopHits
}
