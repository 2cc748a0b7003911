import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LogStoreHarness } from './log-store.contract.ts'
import type { LogStore } from './log-store.ts'
import { idOf, searchOf, type TestRecord, toBatch } from './testing.ts'

const newTenant = () => `t${randomBytes(8).toString('hex')}`
const at = (name: string, time: string): TestRecord => ({ id: idOf(name), '@timestamp': time })
const nowMs = Date.parse('2026-03-06T12:00:00Z')

/** What every log store owes to what a tenant keeps; each store's test runs it on the real thing. */
export function logRetentionContract(name: string, start: () => Promise<LogStoreHarness>) {
  describe(`${name} keeps what a tenant keeps`, () => {
    let harness: LogStoreHarness
    let store: LogStore
    beforeAll(async () => {
      harness = await start()
      store = await harness.open()
    })
    afterAll(async () => {
      await store.close()
      await harness.stop()
    })

    const write = (tenant: string, records: readonly TestRecord[]) =>
      store.write(toBatch(tenant, records))
    const idsOf = async (tenant: string) => {
      await harness.refresh()
      const { hits } = await searchOf(store, { tenant })
      return hits.hits.map((hit) => hit._id)
    }
    const ids = (records: readonly TestRecord[]) => records.map(({ id }) => id)

    it('gives up what is too old, and nothing younger', async () => {
      const [tenant, other] = [newTenant(), newTenant()]
      const old = [at('older', '2026-02-20T10:00:00Z'), at('old', '2026-03-01T10:00:00Z')]
      const young = [at('young', '2026-03-04T05:00:00Z')]
      const retain = (days: number) => store.retain({ tenant, days, nowMs })
      await write(other, old)
      await write(tenant, old)
      await harness.rollover?.(`logs-warren.generic-${tenant}`)
      await write(tenant, young)
      expect(await retain(90)).toEqual([])
      expect((await retain(3)).length).toBeGreaterThan(0)
      expect(await idsOf(tenant)).toEqual(ids(young))
      expect(await retain(3)).toEqual([])
      expect(await idsOf(other)).toEqual(ids(old))
    })

    it('gives up all when all is too old, and takes records again', async () => {
      const tenant = newTenant()
      const record = at('young', '2026-03-04T05:00:00Z')
      await write(tenant, [record])
      expect((await store.retain({ tenant, days: 1, nowMs })).length).toBeGreaterThan(0)
      expect(await idsOf(tenant)).toEqual([])
      await write(tenant, [record])
      expect(await idsOf(tenant)).toEqual([record.id])
    })

    it('has nothing to give up of a tenant without records', async () => {
      expect(await store.retain({ tenant: newTenant(), days: 1, nowMs })).toEqual([])
    })
  })
}
