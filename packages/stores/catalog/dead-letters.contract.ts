import type { DeadLetter } from '@warren/contracts/dead-letter'
import { expect, test } from 'vitest'
import type { Catalog } from './catalog.ts'
import type { DeadLetterFilter } from './dead-letter-store.ts'
import type { Page, PageRequest } from './page.ts'

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
    const origin = { ...letter(tenant).origin, time_ns: '1772539200000000001' }
    const odd = letter(tenant, {
      reason: 'a "quote", ünïcödé 日本',
      origin: { ...origin, content_encoding: 'zstd', content_type: 'text/graphite' },
      is_cut: true,
      replay: 'r',
    })
    await catalog().deadLetters.put([odd])
    const page = await catalog().deadLetters.list({ tenant }, { limit: 10, cursor: undefined })
    const stored = { ...odd, bytes: 4, version: 1, edited_by: null, edited_at: null }
    expect(page).toEqual({ items: [stored], nextCursor: null })
    expect(await catalog().deadLetters.find(tenant, odd.id)).toEqual(stored)
    expect(await catalog().deadLetters.find('nobody', odd.id)).toBeUndefined()
    const nul = 'NUL \0 byte'
    const own = { ...letter(tenant).origin, content_encoding: nul, content_type: nul }
    await catalog().deadLetters.put([letter(tenant, { reason: nul, origin: own })])
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
    expect(items).toMatchObject([{ ...later, attempts: 2, version: 2 }])
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

  test('letters are found by kind, time, reason and id, of one tenant or of all; a list shows their beginning', async () => {
    const [tenant, other] = [newName(), newName()]
    const early = letter(tenant, { reason: 'Field TYPE conflict: 50%_\\', code: 'malformed' })
    const late = letter(tenant, {
      first_seen: '2026-03-05T12:00:00.000Z',
      last_seen: '2026-03-06T12:00:00.000Z',
      item: Buffer.alloc(5000, 'x').toString('base64'),
      replay: newName(),
    })
    await catalog().deadLetters.put([early, late, letter(other, { id: late.id })])
    const idsOf = async (more: Partial<DeadLetterFilter>) => {
      const filter = { tenant, ...more }
      const { items } = await catalog().deadLetters.list(filter, { limit: 9, cursor: undefined })
      expect(await catalog().deadLetters.matching(filter)).toBe(items.length)
      return items.map(({ id }) => id)
    }
    expect(await idsOf({ text: 'type CONFLICT: 50%_\\' })).toEqual([early.id])
    expect(await idsOf({ text: 'type_' })).toEqual([])
    expect(await idsOf({ lastSeenFrom: '2026-03-06T13:00:00+01:00' })).toEqual([late.id])
    expect(await idsOf({ firstSeenTo: '2026-03-03T12:00:00.000Z' })).toEqual([early.id])
    expect(await idsOf({ firstSeenFrom: '2026-03-04T00:00:00Z', code: 'bad_key' })).toEqual([])
    expect(await idsOf({ ids: [early.id, 'absent'] })).toEqual([early.id])
    expect(await idsOf({ tenant: undefined, ids: [late.id] })).toEqual([late.id, late.id])
    expect(await idsOf({ replay: late.replay })).toEqual([late.id])
    const { items } = await catalog().deadLetters.list({ tenant }, { limit: 1, cursor: undefined })
    expect(items[0]).toMatchObject({ bytes: 5000 })
    expect(Buffer.from(items[0]?.item ?? '', 'base64')).toHaveLength(2048)
    expect((await catalog().deadLetters.find(tenant, late.id))?.item).toBe(late.item)
  })

  test('an edit changes the version that was seen, or nothing', async () => {
    const tenant = newName()
    const cut = letter(tenant, { is_cut: true })
    const { deadLetters } = catalog()
    await deadLetters.put([cut])
    const item = Buffer.from('cpu v=1')
    const edit = (version: number) =>
      deadLetters.edit(tenant, cut.id, { version, by: 'ann', item, routingKey: 'default.a.b' })
    expect(await edit(2)).toBe('stale')
    const edited = await edit(1)
    expect(edited).toMatchObject({
      item: item.toString('base64'),
      bytes: 7,
      version: 2,
      edited_by: 'ann',
      origin: { routing_key: 'default.a.b', message_id: 'm' },
    })
    expect(edited).not.toHaveProperty('is_cut')
    expect(await edit(1)).toBe('stale')
    expect(await deadLetters.edit(newName(), cut.id, { version: 2, by: 'ann', item })).toBe(
      'absent',
    )
    // Refused once more: its content stays as it was edited.
    await deadLetters.put([{ ...cut, last_seen: '2026-03-09T12:00:00.000Z' }])
    expect(await deadLetters.find(tenant, cut.id)).toMatchObject({
      item: item.toString('base64'),
      version: 3,
      attempts: 2,
    })
  })

  test('depths say how many letters of each kind there are, whatever happens to them', async () => {
    const tenant = newName()
    const { deadLetters } = catalog()
    const depthsOf = async () =>
      (await deadLetters.depths(10_000))
        .filter((depth) => depth.tenant === tenant)
        .map(({ stream, code, letters, bytes }) => [stream, code, letters, bytes])
        .sort()
    const first = letter(tenant)
    await deadLetters.put([first, letter(tenant), letter(tenant, { code: 'no_timestamp' })])
    expect(await depthsOf()).toEqual([
      ['metrics', 'malformed', 2, 8],
      ['metrics', 'no_timestamp', 1, 4],
    ])
    await deadLetters.put([
      { ...first, code: 'bad_timestamp', last_seen: '2026-03-09T12:00:00.000Z' },
    ])
    await deadLetters.edit(tenant, first.id, { version: 2, by: 'ann', item: Buffer.alloc(10) })
    await deadLetters.purge({ tenant, code: 'no_timestamp' })
    expect(await depthsOf()).toEqual([
      ['metrics', 'bad_timestamp', 1, 10],
      ['metrics', 'malformed', 1, 4],
    ])
    await deadLetters.purge({ tenant })
    expect(await depthsOf()).toEqual([])
  })
}
