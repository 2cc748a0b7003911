import type { Health } from '@warren/contracts/http/status'
import { expect, it } from 'vitest'
import { redOf, toServices } from './status-query.ts'

const health = (part: string, state: Health['state']): Health => ({
  part,
  state,
  reason: state === 'green' ? null : 'because',
  since: '2026-05-01T00:00:00Z',
})

const parts = [
  health('api', 'green'),
  health('poller/broker', 'green'),
  health('poller/metrics store', 'red'),
  health('broker node', 'yellow'),
]

it('groups parts by service, the worst first', () => {
  expect(
    toServices(parts).map(({ name, state, parts: members }) => [
      name,
      state,
      members.map(({ label }) => label),
    ]),
  ).toEqual([
    ['poller', 'red', ['metrics store', 'broker']],
    ['broker node', 'yellow', ['broker node']],
    ['api', 'green', ['api']],
  ])
})

it('names what does not work', () => {
  expect(redOf(parts).map(({ part }) => part)).toEqual(['poller/metrics store'])
})
