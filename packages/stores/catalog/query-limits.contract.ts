import { expect, test } from 'vitest'
import type { Catalog } from './catalog.ts'

let names = 0
const newName = (): string => `limits${names++}`

/** What the catalog owes of limits of queries. */
export function queryLimitsContract(catalog: () => Catalog): void {
  test('limits are changed only by who knows the version, and every change is found', async () => {
    const tenant = newName()
    const { queryLimits } = catalog()
    const last = async () => (await queryLimits.changedSince('0')).at(-1)?.seq ?? '0'
    const before = await last()
    expect(await queryLimits.of(tenant)).toEqual({ limits: {}, version: 0 })
    expect(await queryLimits.put(tenant, { maxCost: 5 }, 1)).toBeUndefined()
    const puts = [6, 7].map((maxCost) => queryLimits.put(tenant, { maxCost }, 0))
    expect((await Promise.all(puts)).toSorted()).toEqual([1, undefined])
    const { limits } = await queryLimits.of(tenant)
    expect(await queryLimits.changedSince(before)).toMatchObject([{ tenant, limits }])
    const after = await last()
    expect(await queryLimits.remove(tenant, 7)).toBe(false)
    expect(await queryLimits.remove(tenant, 1)).toBe(true)
    expect(await queryLimits.changedSince(after)).toMatchObject([{ tenant, limits: undefined }])
    expect(await queryLimits.of(tenant)).toEqual({ limits: {}, version: 2 })
    expect(await queryLimits.put(tenant, {}, 2)).toBe(3)
  })
}
