/** What a message says that is a dead letter sent again: with these the letter that it may become again is the same one. */
export const replayHeaders = {
  /** Id of the letter. */
  letter: 'x-warren-letter-id',
  /** How often it has been refused. */
  attempts: 'x-warren-letter-attempts',
  /** When it was refused first, RFC 3339. */
  firstSeen: 'x-warren-letter-first-seen',
  /** Position of its first item in the message it came from; -1 when it is that whole message. */
  index: 'x-warren-letter-index',
  /** Id of the replay. */
  replay: 'x-warren-letter-replay',
} as const

export interface Replayed {
  readonly letter: string
  readonly attempts: number
  readonly firstSeen: string
  readonly index: number
  readonly replay: string
}

const idPattern = /^[\x21-\x7e]{1,255}$/
const maxAttempts = 2 ** 30
/** The end of 9999: later ones, and those before 1970, are not as Warren writes them, and no catalog holds all of them. */
const endMs = 253_402_300_800_000

export const toReplayHeaders = (replayed: Replayed): Record<string, string | number> =>
  Object.fromEntries(
    Object.entries(replayHeaders).map(([part, name]) => [name, replayed[part as keyof Replayed]]),
  )

const idIn = (value: unknown): string | undefined =>
  typeof value === 'string' && idPattern.test(value) ? value : undefined

const wholeIn = (value: unknown, from: number): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= from && value < maxAttempts
    ? value
    : undefined

/** Undefined for a message that is none, or whose headers are not as Warren writes them: anybody may send some. */
export function parseReplayHeaders(
  headers: Readonly<Record<string, unknown>>,
): Replayed | undefined {
  const letter = idIn(headers[replayHeaders.letter])
  const replay = idIn(headers[replayHeaders.replay])
  const attempts = wholeIn(headers[replayHeaders.attempts], 1)
  const index = wholeIn(headers[replayHeaders.index], -1)
  const firstSeenMs = Date.parse(String(headers[replayHeaders.firstSeen]))
  if (letter === undefined || replay === undefined) return undefined
  if (attempts === undefined || index === undefined) return undefined
  if (!(firstSeenMs >= 0 && firstSeenMs < endMs)) return undefined
  return { letter, replay, attempts, index, firstSeen: new Date(firstSeenMs).toISOString() }
}
