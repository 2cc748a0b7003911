import type { DeadLetter } from '@warren/contracts/dead-letter'
import { deadLetterListSchema } from '@warren/contracts/http/dead-letters'
import type { Client } from '../client.ts'
import type { Load } from './load.ts'
import { tokenPattern } from './refused.ts'

async function everyLetter(client: Client): Promise<readonly DeadLetter[]> {
  const letters: DeadLetter[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const from: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const page = deadLetterListSchema.parse(
      await client.get(`/api/v1/dead-letters?limit=1000${from}`),
    )
    letters.push(...page.items)
    cursor = page.nextCursor
  }
  return letters
}

interface ParkedItem {
  /** Undefined when it has none. */
  readonly token: string | undefined
  readonly text: string
  /** `<code>`, or nothing when the letter says no reason. */
  readonly code: string
}

const toParked = ({ item, code, reason }: DeadLetter): ParkedItem => {
  const text = Buffer.from(item, 'base64').toString()
  return { token: tokenPattern.exec(text)?.[0], text, code: reason === '' ? '' : code }
}

/** Compares the dead letters with the items that no store takes: each is there once, with its code and a reason; whatever else of the load is there counts as a double. */
export async function countDeadLetters(
  client: Client,
  { name, refused }: Load,
): Promise<{ lost: number; doubled: number }> {
  const codes = new Map<string | undefined, string>(refused.map(({ token, code }) => [token, code]))
  // No load's name is part of another's.
  const isOwn = ({ token, text }: ParkedItem) => codes.has(token) || text.includes(name)
  const own = (await everyLetter(client)).map(toParked).filter(isOwn)
  const asWanted = own.filter(({ token, code }) => codes.get(token) === code)
  const parked = new Set(asWanted.map(({ token }) => token)).size
  return { lost: codes.size - parked, doubled: own.length - parked }
}
