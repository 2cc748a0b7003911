import { expect, it } from 'vitest'
import { decideRabbitmq, isYes } from './rabbitmq-decision.mjs'

const fresh = {
  env: {},
  installed: false,
  debian: true,
  root: true,
  terminal: true,
  yes: false,
}

it.each([
  ['an address', { env: { WARREN_AMQP_URL: 'amqp://x' }, debian: false }, 'use'],
  ['an address in a file', { env: { WARREN_AMQP_URL_FILE: '/x' } }, 'use'],
  ['an installed one', { installed: true, root: false, debian: false }, 'use'],
  ['Debian, root, a terminal', {}, 'ask'],
  ['Debian, root, --yes', { yes: true, terminal: false }, 'install'],
  ['Debian, root, CI', { env: { CI: 'true' }, terminal: false }, 'install'],
  ['Debian, root, nobody to ask', { terminal: false }, 'refuse'],
  ['Debian, another user', { root: false, yes: true }, 'refuse'],
  ['another system', { debian: false, yes: true }, 'refuse'],
])('%s', (_, machine, action) => {
  expect(decideRabbitmq({ ...fresh, ...machine }).action).toBe(action)
})

it('says the command, and the other way out', () => {
  expect(decideRabbitmq(fresh).message).toContain('apt-get install')
  for (const machine of [{ root: false }, { debian: false }, { terminal: false }])
    expect(decideRabbitmq({ ...fresh, ...machine }).message).toMatch(/WARREN_AMQP_URL/)
  expect(decideRabbitmq({ ...fresh, root: false }).message).toMatch(/sudo apt-get install/)
})

it.each([
  ['', true],
  ['Y', true],
  ['yes', true],
  ['n', false],
  ['later', false],
] as const)('takes %j for %s', (answer, agreed) => {
  expect(isYes(answer)).toBe(agreed)
})
