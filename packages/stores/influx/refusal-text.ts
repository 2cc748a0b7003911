import type { DeadLetterCode } from '@warren/contracts/dead-letter'

/** What an answer of status 400 (2.x: 422 too) says. Run on 1.6.7:
 *  - `unable to parse 'LINE': why`, one a line, LF between: no line is good (2.x: nothing is stored);
 *  - `partial write: unable to parse …dropped=0`: the other lines are stored;
 *  - `partial write: REASON dropped=N`: N lines of the first shard that complains; of other shards nothing is known, parse errors are not told;
 *  - `field type conflict` alone: two types of a new field in one request, nothing of that shard is stored. */
export interface RefusalText {
  readonly text: string
  /** Why, by line, where the answer quotes lines. */
  readonly unparsable: ReadonlyMap<string, string>
  readonly dropped: number | undefined
  readonly bareConflict: boolean
}

export function parseRefusal(text: string): RefusalText {
  const dropped = Number(/dropped=(\d+)$/.exec(text)?.[1] ?? 0)
  return {
    text,
    unparsable: parseQuotedLines(text),
    dropped: dropped === 0 ? undefined : dropped,
    bareConflict: text === 'field type conflict',
  }
}

const head = "unable to parse '"

function parseQuotedLines(text: string): ReadonlyMap<string, string> {
  const reasons = new Map<string, string>()
  for (const piece of text.replace(/^partial write: /, '').split('\n')) {
    const end = piece.lastIndexOf("': ")
    if (!piece.startsWith(head) || end < head.length) continue
    reasons.set(piece.slice(head.length, end), `unable to parse: ${piece.slice(end + 3)}`)
  }
  return reasons
}

export function codeOf(reason: string): DeadLetterCode {
  if (reason.includes('field type conflict')) return 'field_type_conflict'
  if (/time outside range|beyond retention policy|bad timestamp/.test(reason))
    return 'bad_timestamp'
  return reason.includes('unable to parse') ? 'malformed' : 'refused_by_store'
}

/** As a dead letter shows it. */
export const shortReason = (text: string): string =>
  text
    .replace(/^partial write: /, '')
    .replace(/ ?dropped=\d+$/, '')
    .slice(0, 500)
