import { type LineBatch, piecesOf, type RefusedItem, type WriteOutcome } from '../write-outcome.ts'
import { allLines, halves, type LineSelection, requestBytes } from './line-selection.ts'
import { narrow } from './narrow.ts'
import type { WriteFailure, WriteResult } from './write-failure.ts'

/** One request. */
export type SendLines = (lines: readonly Uint8Array[]) => Promise<WriteResult>

/** Writes the batch; after a refusal, smaller and smaller parts, until each line was in a request that stored all of its own or is refused by name.
 *  At most about two requests a line, usually two a kind of refusal. Throws the store's error as soon as it is away: writing the batch again is harmless. */
export async function writeLines(batch: LineBatch, send: SendLines): Promise<WriteOutcome> {
  if (batch.starts.length <= 1) return { refused: [] }
  const result = await send(piecesOf(batch).map(({ bytes }) => bytes))
  if (result.kind !== 'stored') return writeParts(batch, send, result)
  if (result.isSent) batch.release?.()
  return { refused: [] }
}

/** After the failure of the request that carried every line. */
async function writeParts(
  batch: LineBatch,
  send: SendLines,
  ofAll: WriteFailure,
): Promise<WriteOutcome> {
  const { refused: first, again } = afterFailure(batch, allLines(batch), ofAll)
  const refused: RefusedItem[] = [...first]
  const waiting: LineSelection[] = [...again]
  for (let selection = waiting.pop(); selection !== undefined; selection = waiting.pop()) {
    const result = await send([requestBytes(batch, selection)])
    if (result.kind === 'stored') continue
    const narrowed = afterFailure(batch, selection, result)
    refused.push(...narrowed.refused)
    waiting.push(...narrowed.again)
  }
  return { refused: refused.sort((a, b) => a.index - b.index) }
}

function afterFailure(batch: LineBatch, selection: LineSelection, failure: WriteFailure) {
  switch (failure.kind) {
    case 'refused':
      return narrow(batch, selection, failure.text)
    case 'too large': {
      const [index = -1, second] = selection.indexes
      if (second !== undefined) return { refused: [], again: halves(selection) }
      const reason = 'the store takes no line of this length'
      return { refused: [{ index, code: 'too_large' as const, reason }], again: [] }
    }
    case 'away':
      throw failure.error
    case 'not found':
      throw new Error('BUG: a missing database is the caller’s to make or to report')
  }
}
