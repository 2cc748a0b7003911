import type { Segment } from './segments.ts'
import type { WordSearch } from './word-search.ts'

/** Rows from `first` to before `past`. */
export interface RowRange {
  readonly first: number
  readonly past: number
}

/** How the rows of a day are searched; each row is in one of these lists, or in none when its time is not asked for. */
export interface RowsOfParts {
  /** By words alone. */
  readonly decided: readonly RowRange[]
  /** Those that have this word, which every match has. */
  readonly byWord: ReadonlyMap<number, readonly RowRange[]>
  /** All of them. */
  readonly scanned: readonly RowRange[]
}

interface Asked {
  readonly words: Pick<WordSearch, 'deciding' | 'required'>
  /** Milliseconds, both inclusive. */
  readonly range: { readonly minMs: number; readonly maxMs: number }
}

export function rowsOfParts(segments: readonly Segment[], { words, range }: Asked): RowsOfParts {
  const decided: RowRange[] = []
  const byWord = new Map<number, RowRange[]>()
  const scanned: RowRange[] = []
  const listOf = ({ common }: Segment): RowRange[] => {
    if (words.deciding?.every((word) => !common.has(word)) === true) return decided
    const word = words.required.find((one) => !common.has(one))
    if (word === undefined) return scanned
    const list = byWord.get(word) ?? []
    byWord.set(word, list)
    return list
  }
  for (const segment of segments)
    if (segment.newestMs >= range.minMs && segment.oldestMs <= range.maxMs)
      push(listOf(segment), segment)
  push(scanned, { first: segments.at(-1)?.past ?? 0, past: Number.POSITIVE_INFINITY })
  return { decided, byWord, scanned }
}

/** Ranges that meet become one. */
function push(list: RowRange[], { first, past }: RowRange): void {
  const last = list.at(-1)
  if (last?.past === first) list[list.length - 1] = { first: last.first, past }
  else list.push({ first, past })
}

/** A condition on a row's number; the outermost bounds stand alone, since DuckDB leaves out row groups by them. */
export function inRanges(ranges: readonly RowRange[], column: string): string {
  const all = ranges.map((range) => `(${between(range, column)})`)
  if (all.length < 2) return all[0] ?? 'false'
  const { first = 0 } = ranges[0] ?? {}
  const { past = 0 } = ranges.at(-1) ?? {}
  return `(${between({ first, past }, column)} AND (${all.join(' OR ')}))`
}

function between({ first, past }: RowRange, column: string): string {
  const low = `${column} >= ${first}`
  return past === Number.POSITIVE_INFINITY ? low : `${low} AND ${column} < ${past}`
}
