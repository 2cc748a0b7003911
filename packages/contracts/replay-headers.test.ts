import { expect, it } from 'vitest'
import { parseReplayHeaders, toReplayHeaders } from './replay-headers.ts'

const replayed = {
  ...{ letter: 'one', attempts: 4, index: -1, replay: 'r' },
  firstSeen: '2026-03-03T12:00:00.000Z',
}

it('reads what it wrote', () => {
  expect(parseReplayHeaders(toReplayHeaders(replayed))).toEqual(replayed)
})

it.each([
  ['no date', { firstSeen: 'yesterday' }],
  ['a year that no catalog holds', { firstSeen: '-005000-01-01T00:00:00Z' }],
  ['a year of five digits', { firstSeen: '+010000-01-01T00:00:00Z' }],
  ['too many attempts', { attempts: 2 ** 30 }],
  ['an id with a blank', { letter: 'a b' }],
])('takes %s for headers that somebody else made', (_, changed) => {
  expect(parseReplayHeaders(toReplayHeaders({ ...replayed, ...changed }))).toBeUndefined()
})
