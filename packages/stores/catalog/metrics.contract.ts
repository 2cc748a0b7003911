import { expect, test } from 'vitest'
import type { Catalog } from './catalog.ts'
import { collect } from './dead-letters.contract.ts'

let names = 0
const newName = (): string => `metadata${names++}`
const day = { today: 20_000, old: 19_990 }

/** What the catalog owes of metric metadata and of series. */
export function metricsContract(catalog: () => Catalog): void {
  test('of what is said of a field the rules win, then the sender, each word by itself', async () => {
    const tenant = newName()
    const field = { measurement: 'cpu', field: 'a' }
    const { metricMetadata } = catalog()
    const all = { limit: 10, cursor: undefined }
    const list = async () =>
      (await metricMetadata.list({ tenant, measurement: undefined }, all)).items
    await metricMetadata.replace(tenant, 'builtIn', [
      { ...field, unit: '%', mtype: 'gauge', what: 'built in' },
    ])
    await metricMetadata.put(tenant, [{ ...field, unit: 's', mtype: 'counter' }], 10)
    await metricMetadata.replace(tenant, 'rules', [{ ...field, unit: 'ms' }])
    expect(await list()).toEqual([{ ...field, unit: 'ms', mtype: 'counter', what: 'built in' }])
    await metricMetadata.replace(tenant, 'rules', [])
    await metricMetadata.put(tenant, [field, { ...field, unit: 'B' }], 10)
    expect(await list()).toEqual([{ ...field, unit: 'B', mtype: 'gauge', what: 'built in' }])
  })

  test('fields that senders describe are bounded a tenant, listed in pages and by measurement', async () => {
    const [tenant, other] = [newName(), newName()]
    const { metricMetadata } = catalog()
    const fields = Array.from({ length: 30 }, (_, at) => ({
      ...{ measurement: `m${at % 3}`, field: `ü,${at} "x"`, unit: 'B' },
    }))
    expect(await metricMetadata.put(tenant, fields, 30)).toBe('kept')
    expect(await metricMetadata.put(tenant, fields, 30)).toBe('kept')
    expect(await metricMetadata.put(tenant, [{ measurement: 'm', field: 'new' }], 30)).toBe('full')
    expect(await metricMetadata.put(other, [{ measurement: 'm', field: 'new' }], 30)).toBe('kept')
    const pages = await collect(
      (page) => metricMetadata.list({ tenant, measurement: undefined }, page),
      13,
    )
    expect(pages.map(({ length }) => length)).toEqual([13, 13, 4])
    expect(new Set(pages.flat().map(({ field }) => field)).size).toBe(30)
    const some = await collect(
      (page) => metricMetadata.list({ tenant, measurement: 'm1' }, page),
      20,
    )
    expect(some.map(({ length }) => length)).toEqual([10])
  })

  test('series of a tenant are read as they were appended, until they are forgotten', async () => {
    const [tenant, other] = [newName(), newName()]
    const { seenSeries } = catalog()
    const rows = Array.from({ length: 120 }, (_, at) => ({
      day: at % 2 === 0 ? day.today : day.old,
      hashes: Uint8Array.of(at, 0, 255),
    }))
    for (const row of rows) await seenSeries.append(tenant, row)
    await seenSeries.append(other, { day: day.today, hashes: Uint8Array.of(1) })
    const read = async (fromDay: number) => {
      const found: number[] = []
      for (let after = '0'; ; ) {
        const rows = await seenSeries.read(tenant, { day: fromDay, after })
        found.push(...rows.map(({ hashes }) => hashes[0] ?? -1))
        const last = rows.at(-1)
        if (last === undefined) return found
        after = last.seq
      }
    }
    expect(await read(day.old)).toEqual(rows.map((_, at) => at))
    expect(await read(day.today)).toHaveLength(60)
    await seenSeries.forget(day.today)
    expect(await read(0)).toHaveLength(60)
  })
}
