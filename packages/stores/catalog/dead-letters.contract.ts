import type { DeadLetter } from '@warren/contracts/dead-letter'
import { expect, test } from 'vitest'
import type { Catalog, Page, PageRequest } from './catalog.ts'

let names = 0
const newName = (): string => `letters${names++}`

/** Every page of a list. */
export async function collect<Item>(
  list: (page: PageRequest) => Promise<Page<Item>>,
  limit: number,
) {
  const pages: (readonly Item[])[] = []
  let cursor: string | undefined
  do {
    const page = await list({ limit, cursor })
    pages.push(page.items)
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
  return pages
}

export const letter = (tenant: string, more: Partial<DeadLetter> = {}): DeadLetter => ({
  id: newName(),
  stream: 'metrics',
  tenant,
  code: 'malformed',
  reason: 'missing fields',
  first_seen: '2026-03-03T12:00:00.000Z',
  last_seen: '2026-03-03T12:00:00.000Z',
  attempts: 1,
  origin: { exchange: 'warren.metrics', routing_key: 'default.-.a', message_id: 'm', index: 3 },
  item: Buffer.from([0, 255, 10, 65]).toString('base64'),
  ...more,
})

/** What the dead letters of a catalog owe. */
export function deadLettersContract(catalog: () => Catalog): void {
  test('dead letters are kept to the byte', async () => {
    const tenant = newName()
    const odd = letter(tenant, { reason: 'a "quote", ünïcödé 日本' })
    await catalog().deadLetters.put([odd])
    expect(await catalog().deadLetters.list({ tenant }, { limit: 10, cursor: undefined })).toEqual({
      items: [odd],
      nextCursor: null,
    })
    await catalog().deadLetters.put([letter(tenant, { reason: 'NUL \0 byte' })])
    expect(await catalog().deadLetters.count(tenant)).toBe(2)
  })

  test('a letter delivered again changes nothing, a later failure of the item counts', async () => {
    const tenant = newName()
    const first = letter(tenant)
    await catalog().deadLetters.put([first, first])
    await catalog().deadLetters.put([first])
    const later = { ...first, last_seen: '2026-03-04T12:00:00.000Z', reason: 'again' }
    await catalog().deadLetters.put([later, letter(newName(), { id: first.id })])
    const { items } = await catalog().deadLetters.list({ tenant }, { limit: 10, cursor: undefined })
    expect(items).toEqual([{ ...later, attempts: 2 }])
  })

  test('letters of one batch and of writers that overlap are there once, in pages, filtered', async () => {
    const tenant = newName()
    const letters = Array.from({ length: 1200 }, (_, index) =>
      letter(tenant, index % 3 === 0 ? { stream: 'logs', code: 'no_timestamp' } : {}),
    )
    await Promise.all([
      catalog().deadLetters.put(letters),
      catalog().deadLetters.put(letters.toReversed()),
      catalog().deadLetters.put(letters.slice(300, 900)),
    ])
    expect(await catalog().deadLetters.count(tenant)).toBe(1200)
    const all = await collect((page) => catalog().deadLetters.list({ tenant }, page), 500)
    expect(all.map(({ length }) => length)).toEqual([500, 500, 200])
    expect(new Set(all.flat().map(({ id }) => id)).size).toBe(1200)
    const some = { tenant, stream: 'logs', code: 'no_timestamp' } as const
    const filtered = await collect((page) => catalog().deadLetters.list(some, page), 1000)
    expect(filtered.map(({ length }) => length)).toEqual([400])
    expect(await catalog().deadLetters.count('nobody')).toBe(0)
  })

  test('letters are removed one by one or by a filter, of their tenant only', async () => {
    const [tenant, other] = [newName(), newName()]
    const letters = Array.from({ length: 30 }, (_, index) =>
      letter(tenant, index % 3 === 0 ? { stream: 'logs', code: 'no_timestamp' } : {}),
    )
    const [first] = letters
    const id = first?.id ?? ''
    await catalog().deadLetters.put([...letters, letter(other, { id })])
    expect(await catalog().deadLetters.remove(other, 'absent')).toBe(false)
    expect(await catalog().deadLetters.remove(tenant, id)).toBe(true)
    expect(await catalog().deadLetters.remove(tenant, id)).toBe(false)
    expect(
      await catalog().deadLetters.purge({ tenant, stream: 'logs', code: 'no_timestamp' }),
    ).toBe(9)
    expect(await catalog().deadLetters.count(tenant)).toBe(20)
    expect(await catalog().deadLetters.purge({ tenant })).toBe(20)
    expect(await catalog().deadLetters.count(tenant)).toBe(0)
    expect(await catalog().deadLetters.count(other)).toBe(1)
  })
}
