import type { StoredLetter } from '@warren/contracts/http/dead-letters'
import { expect, it } from 'vitest'
import { momentOf } from '../time/clock.ts'
import { factsOf } from './letter-facts.ts'

const letter = {
  tenant: '-',
  attempts: 1,
  bytes: 9,
  first_seen: '2026-05-01T10:00:00.000Z',
  last_seen: '2026-05-02T10:00:00.000Z',
  edited_by: 'admin',
  edited_at: '2026-05-03T10:00:00.000Z',
  origin: { exchange: 'warren.metrics', routing_key: 'default.-.x', message_id: 'm', index: 0 },
} as StoredLetter

it('tells the time of a message, and that it has none', () => {
  const time_ns = '1777629600123456789'
  const { 'Time of the message': time } = factsOf({
    ...letter,
    origin: { ...letter.origin, time_ns },
  })
  expect(time).toBe(`${momentOf('2026-05-01T10:00:00.123Z')} (${time_ns} ns)`)
  expect(factsOf(letter)['Time of the message']).toBe('none')
})

it('tells times as every page does', () => {
  const facts = factsOf(letter)
  expect(facts['First refused']).toContain(`${momentOf(letter.first_seen)} (`)
  expect(Object.values(facts).join(' ')).not.toMatch(/\dT\d/)
})
