import { expect, it } from 'vitest'
import { createKnownDeployments } from './known-deployments.ts'

it('asks again after a while, sooner for what was unknown, and goes on while the catalog is away', async () => {
  const asked: string[] = []
  let known = new Set(['shop'])
  let away: Error | undefined
  let time = 0
  const isKnown = createKnownDeployments(
    {
      has: async (_, deployment) => {
        asked.push(deployment)
        if (away !== undefined) throw away
        return known.has(deployment)
      },
    },
    () => time,
  )
  expect([await isKnown('a', 'shop'), await isKnown('a', 'web')]).toEqual([true, false])
  expect([await isKnown('a', 'shop'), await isKnown('a', 'web')]).toEqual([true, false])
  expect(asked).toEqual(['shop', 'web'])
  known = new Set(['web'])
  time = 5001
  expect([await isKnown('a', 'shop'), await isKnown('a', 'web')]).toEqual([true, true])
  away = new Error('away')
  time = 120_000
  expect(await isKnown('a', 'web')).toBe(true)
  await expect(isKnown('a', 'new')).rejects.toThrow('away')
  away = undefined
  expect(await isKnown('a', 'shop')).toBe(false)
})
