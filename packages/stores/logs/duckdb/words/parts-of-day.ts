import type { DuckDBConnection } from '@duckdb/node-api'
import { hashText } from '@warren/platform/hash-text'
import type { DayFile } from '../../../duckdb/day-files.ts'
import type { DaySearch } from '../day-search.ts'
import { hitOrder } from '../hit-order.ts'
import type { LogFile } from '../log-file.ts'
import { pushedGroups } from '../pushed-groups.ts'
import { inRanges, type RowRange, rowsOfParts } from './rows-of-parts.ts'
import { readSegments } from './segments.ts'
import type { WordSearch } from './word-search.ts'

type Worded = DaySearch & { readonly words: WordSearch }

/** The search of a day in parts that share no row: what the index of words decides, what it narrows down, and what is to be read whole. */
export async function partsOfDay(
  connection: DuckDBConnection,
  { name }: DayFile<LogFile>,
  search: DaySearch,
): Promise<readonly DaySearch[]> {
  const { words, range } = search
  if (words === undefined) return [search]
  const asked = [...new Set([...(words.deciding ?? []), ...words.required])]
  const { decided, byWord, scanned } = rowsOfParts(await readSegments(connection, name, asked), {
    words,
    range,
  })
  if (decided.length === 0 && byWord.size === 0) return [search]
  const worded = { ...search, words }
  return [
    { ...search, where: `${search.where} AND ${inRanges(scanned, 'rowid')}` },
    ...(decided.length === 0 ? [] : [decidedPart(name, worded, decided)]),
    ...[...byWord].map(([word, ranges]) => narrowedPart(name, worded, { word, ranges })),
  ]
}

/** Records of these ranges that have one of the words. */
const recordsWith = (name: string, words: readonly number[], ranges: readonly RowRange[]): string =>
  `(rowid IN (SELECT record FROM ${name}.words WHERE word IN (${words.join(', ')}) AND ${inRanges(ranges, 'record')}))`

function decidedPart(name: string, search: Worded, ranges: readonly RowRange[]): DaySearch {
  const { request, words } = search
  const decision = words.decision((texts) => recordsWith(name, texts.map(hashText), ranges))
  return {
    ...search,
    where: `${decision} AND ${inRanges(ranges, 'rowid')}`,
    matcher: undefined,
    groups: pushedGroups(request.aggs),
    order: hitOrder(request),
    earlyEnd: undefined,
    queryColumns: new Set(),
  }
}

function narrowedPart(
  name: string,
  search: Worded,
  { word, ranges }: { readonly word: number; readonly ranges: readonly RowRange[] },
): DaySearch {
  const having = recordsWith(name, [word], ranges)
  const where = `${search.words.rest} AND ${having} AND ${inRanges(ranges, 'rowid')}`
  return { ...search, where, earlyEnd: undefined }
}
