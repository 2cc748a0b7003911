import { expect, test } from 'vitest'
import type { Catalog } from './catalog.ts'
import { letter } from './dead-letters.contract.ts'
import type { HeldReplay } from './replay-store.ts'

let names = 0
const newName = (): string => `replays${names++}`
const most = { letters: 2, bytes: 1000 }

/** What the replays of a catalog owe. */
export function replaysContract(catalog: () => Catalog): void {
  const begin = async (
    tenant: string,
    count: number,
    tenantOfFilter: string | undefined = tenant,
  ) => {
    const letters = Array.from({ length: count }, () => letter(tenant))
    await catalog().deadLetters.put(letters)
    const replay = await catalog().deadLetterReplays.create({
      filter: { tenant: tenantOfFilter },
      perSecond: 10,
      requestedBy: 'ann',
    })
    if (replay === 'full') throw new Error('BUG: there is room')
    return { letters, replay }
  }
  const claimOf = async (id: string, holder: string, holdMs = 60_000): Promise<HeldReplay> => {
    for (;;) {
      const held = await catalog().deadLetterReplays.claim(holder, holdMs)
      if (held === undefined) throw new Error(`nobody may claim ${id}`)
      if (held.id === id) return held
      await catalog().deadLetterReplays.cancel(undefined, held.id)
    }
  }

  test('a replay sees each letter that was there once, in order, and removes what was sent unless it changed', async () => {
    const tenant = newName()
    const { deadLetters, deadLetterReplays } = catalog()
    const { letters, replay } = await begin(tenant, 5)
    expect(replay).toMatchObject({ state: 'running', total: 5, sent: 0, requestedBy: 'ann' })
    const held = await claimOf(replay.id, 'one')
    await deadLetters.put([letter(tenant)])
    const first = await deadLetterReplays.next(held, most)
    expect(first?.letters.map(({ id }) => id)).toEqual(letters.slice(0, 2).map(({ id }) => id))
    // Refused again before it is removed.
    const [again] = letters
    if (again === undefined || first === undefined) throw new Error('BUG: there are five')
    const back = { last_seen: '2026-03-09T12:00:00.000Z', attempts: 2, replay: replay.id }
    await deadLetters.put([{ ...again, ...back }])
    await deadLetterReplays.advance(held, { ...first, sent: first.letters, skipped: 0 })
    expect(await deadLetters.find(tenant, again.id)).toMatchObject({ attempts: 2 })
    expect(await deadLetters.count(tenant)).toBe(5)
    const second = await deadLetterReplays.next(held, { letters: 9, bytes: 5 })
    expect(second?.letters.map(({ id }) => id)).toEqual([letters[2]?.id])
    await deadLetterReplays.advance(held, { seenSeq: second?.seenSeq ?? '0', sent: [], skipped: 1 })
    const third = await deadLetterReplays.next(held, { letters: 9, bytes: 1000 })
    expect(third?.letters).toHaveLength(2)
    const { seenSeq = '0' } = third ?? {}
    await deadLetterReplays.advance(held, { seenSeq, sent: third?.letters ?? [], skipped: 0 })
    expect(await deadLetterReplays.next(held, most)).toBeUndefined()
    await deadLetterReplays.end(held)
    expect(await deadLetterReplays.find(tenant, replay.id)).toMatchObject({
      ...{ state: 'done', total: 5, sent: 4, skipped: 1, returned: 1 },
      endedAt: expect.any(String),
    })
    expect(await deadLetterReplays.find(newName(), replay.id)).toBeUndefined()
  })

  test('one runner holds a replay, and another goes on when it says nothing', async () => {
    const tenant = newName()
    const { deadLetterReplays } = catalog()
    const { replay } = await begin(tenant, 3)
    const { replay: later } = await begin(tenant, 1)
    const held = await claimOf(replay.id, 'one', 300)
    // Of the same tenant one at a time.
    expect(await deadLetterReplays.claim('two', 60_000)).toBeUndefined()
    await expect
      .poll(() => deadLetterReplays.claim('two', 60_000), { timeout: 20_000 })
      .toMatchObject({ id: replay.id, holder: 'two' })
    expect(await deadLetterReplays.hold(held, 1000, 'waits')).toBe(false)
    await deadLetterReplays.release('two')
    const again = await claimOf(replay.id, 'three')
    expect(await deadLetterReplays.hold(again, 1000, 'waits')).toBe(true)
    expect(await deadLetterReplays.find(tenant, replay.id)).toMatchObject({ reason: 'waits' })
    expect(await deadLetterReplays.cancel(newName(), replay.id)).toBe(false)
    expect(await deadLetterReplays.cancel(tenant, replay.id)).toBe(true)
    expect(await deadLetterReplays.hold(again, 1000)).toBe(false)
    expect((await deadLetterReplays.list(tenant)).map(({ id }) => id)).toEqual([
      later.id,
      replay.id,
    ])
    expect(await deadLetterReplays.cancel(undefined, later.id)).toBe(true)
  })

  test('a tenant has so many replays that wait, and no more', async () => {
    const tenant = newName()
    const { deadLetterReplays } = catalog()
    const wish = { filter: { tenant }, perSecond: 10, requestedBy: 'ann' }
    const made = await Promise.all(Array.from({ length: 25 }, () => deadLetterReplays.create(wish)))
    expect(made.filter((replay) => replay === 'full')).toHaveLength(5)
    for (const replay of made)
      if (replay !== 'full') await deadLetterReplays.cancel(tenant, replay.id)
    expect(await deadLetterReplays.create(wish)).not.toBe('full')
    expect(
      await deadLetterReplays.cancel(
        undefined,
        (await deadLetterReplays.list(tenant))[0]?.id ?? '',
      ),
    ).toBe(true)
  })
}
