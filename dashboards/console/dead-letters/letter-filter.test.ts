import { expect, it } from 'vitest'
import { toWish } from './letter-filter.ts'

it('asks in the words of the api, and only for what is chosen', () => {
  const nowMs = Date.parse('2026-03-03T12:00:00Z')
  expect(toWish({ stream: 'logs', code: undefined, within: '1h' }, nowMs)).toEqual({
    stream: 'logs',
    lastSeenFrom: '2026-03-03T11:00:00.000Z',
  })
  expect(toWish({ within: 'ever', text: 'a' })).toEqual({ text: 'a' })
})
