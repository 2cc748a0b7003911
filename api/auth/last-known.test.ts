import { WarrenError } from '@warren/platform/errors'
import { expect, it } from 'vitest'
import { Refusal } from '../http/refusal.ts'
import { createLastKnown } from './last-known.ts'
import type { Principal } from './principal.ts'

const ann: Principal = {
  kind: 'token',
  isAlerting: false,
  deployments: undefined,
  name: 'ann',
  role: 'viewer',
  tenant: 'default',
  expiresAt: new Date(200_000),
}
const away = () =>
  Promise.reject(new WarrenError('away', { code: 'catalog_away', disposition: 'retry' }))

function setUp() {
  const clock = { now: 0 }
  return { clock, lastKnown: createLastKnown(() => clock.now) }
}

it('answers from memory only while the catalog is away', async () => {
  const { clock, lastKnown } = setUp()
  await expect(lastKnown.resolve('a', away)).rejects.toThrow('away')
  await lastKnown.resolve('a', async () => ann)
  clock.now += 1000
  expect(await lastKnown.resolve('a', away)).toBe(ann)
  expect(await lastKnown.resolve('a', async () => undefined)).toBeUndefined()
  await expect(lastKnown.resolve('a', away)).rejects.toThrow('away')
})

it('forgets with the credential, after five minutes, and when told', async () => {
  const { clock, lastKnown } = setUp()
  await lastKnown.resolve('a', async () => ann)
  await lastKnown.resolve('b', async () => ({ ...ann, expiresAt: undefined }))
  clock.now = 200_000
  await expect(lastKnown.resolve('a', away)).rejects.toThrow('away')
  expect(await lastKnown.resolve('b', away)).toMatchObject({ name: 'ann' })
  clock.now = 300_000
  await expect(lastKnown.resolve('b', away)).rejects.toThrow('away')
  await lastKnown.resolve('c', async () => ({ ...ann, expiresAt: undefined }))
  lastKnown.forget('c')
  await expect(lastKnown.resolve('c', away)).rejects.toThrow('away')
})

it('does not turn a refusal into a yes', async () => {
  const { clock, lastKnown } = setUp()
  for (const refusal of [
    new WarrenError('locked', { code: 'locked', disposition: 'reject' }),
    new Refusal('unauthenticated', 'a changed password'),
  ]) {
    await lastKnown.resolve('a', async () => ann)
    clock.now += 1000
    await expect(lastKnown.resolve('a', () => Promise.reject(refusal))).rejects.toBe(refusal)
    await expect(lastKnown.resolve('a', away)).rejects.toThrow('away')
  }
})

it('does not look up again for a second, unless something was revoked', async () => {
  const { clock, lastKnown } = setUp()
  let asked = 0
  const ask = async () => {
    asked++
    return ann
  }
  await lastKnown.resolve('a', ask)
  clock.now = 999
  expect(await lastKnown.resolve('a', ask)).toBe(ann)
  expect(asked).toBe(1)
  clock.now = 1000
  await lastKnown.resolve('a', ask)
  expect(asked).toBe(2)
  lastKnown.distrust()
  await lastKnown.resolve('a', ask)
  expect(asked).toBe(3)
})

it('does not trust what was asked before a credential was revoked', async () => {
  const { lastKnown } = setUp()
  const { promise, resolve } = Promise.withResolvers<Principal>()
  const slow = lastKnown.resolve('a', () => promise)
  lastKnown.distrust()
  resolve(ann)
  expect(await slow).toBe(ann)
  expect(await lastKnown.resolve('a', async () => undefined)).toBeUndefined()
})
