import type { SearchFailure } from '@warren/searchdsl/answer'
import type { Asker } from '../asker.ts'
import { beginRecord } from '../insights/record.ts'
import { newTrail } from '../trail.ts'
import { type Piece, type RecordedSearchOptions, toPiece } from './recorded-search.ts'

export interface UnreadSearch {
  readonly failure: SearchFailure
  /** As it was sent. */
  readonly text: string
}

/** Why a search could not be read, encoded and on record: its error in a panel names the request, by which it is looked for. */
export function unreadSearch(
  { failure, text }: UnreadSearch,
  { trail: _, ...who }: Asker,
  { noteQuery }: Pick<RecordedSearchOptions, 'noteQuery'>,
): Piece {
  const asker = { ...who, trail: { ...newTrail(), text: () => text } }
  const endRecord = beginRecord('elasticsearch', asker)
  const piece = toPiece(failure, asker.requestId)
  noteQuery(endRecord({ rows: 0, bytes: piece.bytes.length, reason: failure.error.reason }))
  return piece
}
