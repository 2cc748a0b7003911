import type { DeadLetterCode } from '@warren/contracts/dead-letter'
import type { Message } from '../publisher.ts'

/** An item that no store takes, told from every other by its token. */
export interface RefusedItem {
  readonly token: string
  readonly code: DeadLetterCode
}

/** Finds the token in what was parked. */
export const tokenPattern = /refused-\w+-[mcl]\d+/

interface Slice {
  /** Of the load. */
  readonly name: string
  readonly number: number
  /** Milliseconds; no good point of the load has it. */
  readonly timeMs: number
}

interface RefusedLine extends RefusedItem {
  readonly line: string
}

/** One line that is none, and one whose field has another type than its neighbours': the second is for the store to refuse. */
export const refusedPoints = ({ name, number, timeMs }: Slice): readonly RefusedLine[] => {
  const [malformed, conflict] = [`refused-${name}-m${number}`, `refused-${name}-c${number}`]
  return [
    { token: malformed, code: 'malformed', line: `${name},part=s0 n=${malformed}` },
    {
      token: conflict,
      code: 'field_type_conflict',
      line: `${name},part=s0 n="${conflict}" ${BigInt(timeMs) * 1_000_000n}`,
    },
  ]
}

/** A line that is no JSON. */
export const refusedRecords = ({ name, number }: Slice): readonly RefusedLine[] => {
  const token = `refused-${name}-l${number}`
  return [{ token, code: 'malformed', line: `{"message": ${token}` }]
}

/** The message with these lines after its good ones. */
export const withLines = (message: Message, lines: readonly RefusedLine[]): Message => ({
  ...message,
  body: Buffer.concat([message.body, Buffer.from(lines.map(({ line }) => `${line}\n`).join(''))]),
})
