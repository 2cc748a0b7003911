import { expect, test } from 'vitest'
import { createSilence } from './silence.ts'

const web = { tenant: 'default', host: 'web' }
const options = { silentAfterMs: 30_000, maxHosts: 3 }

test('tells of a silent host once, and of its return once', () => {
  const silence = createSilence(options)
  expect(silence.heard(web, 1_000)).toBeUndefined()
  expect(silence.check(30_999)).toEqual([])
  expect(silence.check(31_000)).toEqual([
    { type: 'host_silent', ...web, lastSeenMs: 1_000, atMs: 31_000 },
  ])
  expect(silence.check(90_000)).toEqual([])
  expect(silence.heard(web, 95_000)).toEqual({
    type: 'host_back',
    ...web,
    lastSeenMs: 1_000,
    atMs: 95_000,
  })
  expect(silence.heard(web, 96_000)).toBeUndefined()
  expect(silence.check(126_000)).toHaveLength(1)
})

test('keeps tenants apart', () => {
  const silence = createSilence(options)
  silence.heard(web, 0)
  silence.heard({ tenant: 'other', host: 'web' }, 20_000)
  expect(silence.check(30_000).map(({ tenant }) => tenant)).toEqual(['default'])
})

test('remembers a bounded number of hosts, the last heard ones', () => {
  const silence = createSilence(options)
  for (const [at, host] of ['a', 'b', 'c'].entries()) silence.heard({ tenant: 't', host }, at)
  silence.heard({ tenant: 't', host: 'a' }, 10)
  silence.heard({ tenant: 't', host: 'd' }, 11)
  expect([silence.hosts, silence.forgotten]).toEqual([3, 1])
  expect(silence.check(100_000).map(({ host }) => host)).toEqual(['c', 'a', 'd'])
})

test('blames no host for an outage of the broker', () => {
  const silence = createSilence(options)
  silence.heard(web, 0)
  silence.pardon(60_000)
  expect(silence.check(60_000)).toEqual([])
  expect(silence.check(89_999)).toEqual([])
  expect(silence.check(90_000)).toMatchObject([{ lastSeenMs: 0 }])
})

test('a tenant that invents hosts displaces its own, and no other tenant’s', () => {
  const silence = createSilence(options)
  silence.heard(web, 0)
  for (let at = 0; at < 100; at++) silence.heard({ tenant: 'loud', host: `h${at}` }, at)
  expect([silence.hosts, silence.forgotten]).toEqual([3, 98])
  expect(silence.check(100_000).map(({ host }) => host)).toEqual(['web', 'h98', 'h99'])
})
