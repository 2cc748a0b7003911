import { deadLetterListSchema } from '@warren/contracts/http/dead-letters'
import type { Client } from '../client.ts'
import type { Load } from './load.ts'

/** Compares the dead letters with the items that no store takes: each is there once, with a reason. */
export async function countDeadLetters(
  client: Client,
  { refused }: Load,
): Promise<{ lost: number; doubled: number }> {
  const seen = new Map(refused.map((line) => [line, 0]))
  let cursor: string | null = ''
  while (seen.size > 0 && cursor !== null) {
    const from: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const path = `/api/v1/dead-letters?limit=1000&stream=metrics&code=malformed${from}`
    const page = deadLetterListSchema.parse(await client.get(path))
    for (const { item, reason } of page.items) {
      const line = Buffer.from(item, 'base64').toString()
      const count = seen.get(line)
      if (count !== undefined && reason !== '') seen.set(line, count + 1)
    }
    cursor = page.nextCursor
  }
  const counts = [...seen.values()]
  return {
    lost: counts.filter((count) => count === 0).length,
    doubled: counts.reduce((sum, count) => sum + Math.max(0, count - 1), 0),
  }
}
