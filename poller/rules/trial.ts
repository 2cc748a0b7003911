import type { DeadLetterCode } from '@warren/contracts/dead-letter'
import type { Stream } from '@warren/contracts/topology'
import { createLineCursor, nextLine, startLines } from '@warren/lineprotocol/lines'
import { type Chunk, countOf, type Normalised } from '../chunk.ts'
import { normaliseLogs } from '../logs/normalise.ts'
import { normaliseMetrics } from '../metrics/normalise.ts'
import { timeWindow } from '../time-window.ts'
import { createRuleBook } from './rule-book.ts'
import type { Rules } from './schema.ts'
import type { Sender } from './sender.ts'

/** What would become of one item of a message. */
export interface TriedItem {
  /** Position in the input. */
  readonly index: number
  readonly outcome: 'stored' | 'dropped' | 'refused'
  /** Of a stored item its canonical form, of a refused one what a dead letter would keep, of a dropped one what was sent. */
  readonly text: string
  readonly code?: DeadLetterCode
  readonly reason?: string
}

export interface TrialOptions {
  readonly stream: Stream
  readonly sender: Sender
  readonly rules: Rules
  readonly maxAheadMs: number
  readonly maxBehindMs: number
  readonly nowMs: number
}

/** Does to a body what the poller would do, and tells of each item; items without a time take `nowMs`. Series are not counted: that needs those that are there. */
export function tryRules(body: Buffer, options: TrialOptions): readonly TriedItem[] {
  const { stream, sender, rules, maxAheadMs, maxBehindMs, nowMs } = options
  const window = timeWindow(nowMs, maxAheadMs, { maxBehindMs, rules: createRuleBook(rules) })
  const fallbackNs = BigInt(nowMs) * 1_000_000n
  const origin = { ...sender, source: undefined, messageId: 'trial', fallbackNs }
  const normalised =
    stream === 'metrics'
      ? normaliseMetrics(body, origin, window)
      : normaliseLogs(body, origin, window)
  const items = [...storedOf(normalised), ...refusedOf(normalised)]
  const known = new Set(items.map(({ index }) => index))
  const sent = stream === 'metrics' ? pointsOf(body) : recordsOf(body)
  const dropped = sent.flatMap((text, index) =>
    known.has(index) ? [] : [{ index, outcome: 'dropped' as const, text }],
  )
  return [...items, ...dropped].sort((a, b) => a.index - b.index)
}

function storedOf({ chunk }: Normalised<Chunk>): readonly TriedItem[] {
  const { bytes, starts, positions } = chunk
  return Array.from({ length: countOf(chunk) }, (_, line) => ({
    index: positions[line] ?? 0,
    outcome: 'stored',
    text: Buffer.from(bytes.subarray(starts[line], (starts[line + 1] ?? 1) - 1)).toString(),
  }))
}

const refusedOf = ({ refused }: Normalised<Chunk>): readonly TriedItem[] =>
  refused.map(({ index, code, reason, bytes }) => ({
    ...{ index, outcome: 'refused', code, reason },
    text: Buffer.from(bytes).toString(),
  }))

/** As `normaliseMetrics` counts them: without comments and empty lines. */
function pointsOf(body: Buffer): readonly string[] {
  const cursor = createLineCursor()
  const lines: string[] = []
  startLines(cursor, body)
  while (nextLine(cursor)) lines.push(body.toString('utf8', cursor.start, cursor.end))
  return lines
}

/** As `normaliseLogs` counts them. */
const recordsOf = (body: Buffer): readonly string[] =>
  body
    .toString()
    .split('\n')
    .filter((line) => /[^ \t\r]/.test(line))
