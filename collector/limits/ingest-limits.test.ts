import { expect, test } from 'vitest'
import { createIngestLimits, type IngestLimits } from './ingest-limits.ts'
import { limitsSchema } from './settings.ts'

function rig(settings: object) {
  const clock = { ms: 0 }
  const counted: string[] = []
  const limits = createIngestLimits({
    settings: limitsSchema.parse(settings),
    count: (...labels) => void counted.push(labels.join(' ')),
    now: () => clock.ms,
  })
  return { clock, counted, limits }
}

const excessOf = (limits: IngestLimits, tenant: string) => limits.of(tenant)?.excess('refused')

test('without limits nothing is counted; with those of one tenant the others have none', () => {
  expect(rig({}).limits.of('acme')).toBeUndefined()
  const { limits } = rig({ tenants: { acme: { itemsPerSecond: 5 } } })
  expect(limits.of('other')).toBeUndefined()
  // A name that every object knows.
  expect(limits.of('constructor')).toBeUndefined()
  expect(limits.of('acme')).toBeDefined()
})

test('a burst comes at once, then a debt that time pays, each tenant for itself', () => {
  const { clock, counted, limits } = rig({ itemsPerSecond: 100, burstSeconds: 3 })
  limits.of('a')?.spend(300, 1e9)
  expect(excessOf(limits, 'a')).toBeUndefined()
  limits.of('a')?.spend(150, 1e9)
  expect(excessOf(limits, 'a')).toEqual({ of: 'items', ms: 1500, perSecond: 100 })
  expect(excessOf(limits, 'b')).toBeUndefined()
  expect(counted).toEqual(['a items refused'])
  clock.ms = 1500
  expect(excessOf(limits, 'a')).toBeUndefined()
})

test('of two debts the longer one counts, and what was not taken is given back', () => {
  const { limits } = rig({ tenants: { a: { itemsPerSecond: 10, bytesPerSecond: 2000 } } })
  limits.of('a')?.spend(110, 60_000)
  expect(excessOf(limits, 'a')).toEqual({ of: 'bytes', ms: 20_000, perSecond: 2000 })
  limits.of('a')?.spend(0, -60_000)
  expect(excessOf(limits, 'a')).toEqual({ of: 'items', ms: 1000, perSecond: 10 })
})

test('limits of a tenant stand in place of those of all', () => {
  const { limits } = rig({ itemsPerSecond: 1, tenants: { big: { itemsPerSecond: 1e6 }, free: {} } })
  limits.of('big')?.spend(1e6, 0)
  expect(excessOf(limits, 'big')).toBeUndefined()
  expect(limits.of('free')).toBeUndefined()
})
