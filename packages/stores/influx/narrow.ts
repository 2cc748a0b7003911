import type { LineBatch, RefusedItem } from '../write-outcome.ts'
import { halves, type LineSelection, lineText } from './line-selection.ts'
import { codeOf, parseRefusal, type RefusalText, shortReason } from './refusal-text.ts'
import { suspicionOf } from './suspects.ts'

export interface Narrowed {
  readonly refused: readonly RefusedItem[]
  /** To be sent again, each alone. Writing a line twice leaves one point, so lines already stored may be among them. */
  readonly again: readonly LineSelection[]
}

/** What an answer that blames lines means for the lines sent: each is refused for certain or goes into a smaller request.
 *  1. A line that the answer quotes cannot be parsed, ever; the rest goes again.
 *  2. Two types of a new field: once more, when the first request has made the schema, the answer says which line offends.
 *  3. As many dropped as were sent, or only one sent: all refused.
 *  4. A conflict that names its field: the lines with that field apart from the others.
 *  5. Else halves. */
export function narrow(batch: LineBatch, selection: LineSelection, text: string): Narrowed {
  const { indexes, sentBefore } = selection
  const refusal = parseRefusal(text)
  const quoted = withoutQuoted(batch, indexes, refusal)
  if (quoted !== undefined) return quoted
  if (refusal.bareConflict && !sentBefore)
    return { refused: [], again: [{ indexes, sentBefore: true }] }
  if (indexes.length === 1 || refusal.dropped === indexes.length) {
    const reason = shortReason(text)
    return { refused: indexes.map((index) => refusedFor(index, reason)), again: [] }
  }
  return { refused: [], again: suspectsApart(batch, indexes, text) ?? halves(selection) }
}

const refusedFor = (index: number, reason: string): RefusedItem => ({
  index,
  code: codeOf(reason),
  reason,
})

function withoutQuoted(
  batch: LineBatch,
  indexes: readonly number[],
  { unparsable }: RefusalText,
): Narrowed | undefined {
  if (unparsable.size === 0) return undefined
  const refused: RefusedItem[] = []
  const rest: number[] = []
  for (const index of indexes) {
    const reason = unparsable.get(lineText(batch, index))
    if (reason === undefined) rest.push(index)
    else refused.push(refusedFor(index, shortReason(reason)))
  }
  if (refused.length === 0) return undefined
  return { refused, again: rest.length === 0 ? [] : [{ indexes: rest, sentBefore: false }] }
}

function suspectsApart(
  batch: LineBatch,
  indexes: readonly number[],
  text: string,
): readonly LineSelection[] | undefined {
  const suspicious = suspicionOf(text)
  if (suspicious === undefined) return undefined
  const { suspects = [], others = [] } = Object.groupBy(indexes, (index) =>
    suspicious(lineText(batch, index)) ? 'suspects' : 'others',
  )
  if (suspects.length === 0 || others.length === 0) return undefined
  return [others, suspects].map((part) => ({ indexes: part, sentBefore: false }))
}
