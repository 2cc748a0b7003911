import type { DeadLetter } from '@warren/contracts/dead-letter'
import { WarrenError } from '@warren/platform/errors'
import { expect, it } from 'vitest'
import { putTogether } from './put-together.ts'

const letter = (tenant: string, id: string): DeadLetter => ({
  ...{ id, tenant, stream: 'metrics', code: 'malformed', reason: 'r', attempts: 1 },
  ...{ first_seen: '2026-03-03T12:00:00Z', last_seen: '2026-03-03T12:00:00Z', item: '' },
  origin: { exchange: 'e', routing_key: 'k', message_id: 'm', index: 0 },
})
const failure = (code: string, disposition: 'retry' | 'reject' = 'retry') =>
  new WarrenError(code, { code, disposition })

/** A catalog that takes all letters of a call or none: two of each tenant, and none that is called bad. */
function rig(isAway: () => boolean = () => false) {
  const calls: string[] = []
  const taken: string[] = []
  const ofTenant = (tenant: string) => taken.filter((name) => name.startsWith(tenant)).length
  const keep = putTogether({
    put: async (letters) => {
      calls.push(letters.map(({ tenant, id }) => `${tenant}${id}`).join(' '))
      await Promise.resolve()
      if (isAway()) throw failure('catalog_unavailable')
      if (letters.some(({ id }) => id === 'bad')) throw failure('catalog_bad_value', 'reject')
      const groups = Map.groupBy(letters, ({ tenant }) => tenant)
      for (const [tenant, own] of groups)
        if (ofTenant(tenant) + own.length > 2) throw failure('dead_letters_full')
      taken.push(...letters.map(({ tenant, id }) => `${tenant}${id}`))
    },
  })
  const keepAll = async (names: readonly string[]) => {
    const outcomes = await Promise.allSettled(
      names.map((name) => keep(letter(name.slice(0, 1), name.slice(1)))),
    )
    // A letter that is rejected for good would be lost.
    for (const one of outcomes)
      if (one.status === 'rejected') expect(one.reason.disposition).toBe('retry')
    return outcomes.map((one) => (one.status === 'fulfilled' ? 'kept' : one.reason.code))
  }
  return { calls, keepAll }
}

it('writes at once what comes alone, and together what comes meanwhile', async () => {
  const { calls, keepAll } = rig()
  expect(await keepAll(['a1', 'a2', 'b1', 'c1'])).toEqual(['kept', 'kept', 'kept', 'kept'])
  expect(calls).toEqual(['a1', 'a2 b1 c1'])
})

it('gives each letter its own outcome: one that is full or cannot be held takes no other along', async () => {
  const { calls, keepAll } = rig()
  expect(await keepAll(['x1', 'a1', 'b1', 'a2', 'a3', 'bbad', 'b2', 'a4'])).toEqual([
    ...['kept', 'kept', 'kept', 'kept', 'dead_letters_full'],
    ...['catalog_bad_value', 'kept', 'dead_letters_full'],
  ])
  // What is full is asked for once.
  expect(calls).not.toContain('a4')
})

it('hands an outage on to all at once, and goes on afterwards', async () => {
  let isAway = true
  const { calls, keepAll } = rig(() => isAway)
  const outcomes = await keepAll(['a1', 'b1', 'b2'])
  expect(new Set(outcomes)).toEqual(new Set(['catalog_unavailable']))
  expect(calls).toEqual(['a1', 'b1 b2'])
  isAway = false
  expect(await keepAll(['a1', 'b1'])).toEqual(['kept', 'kept'])
})
