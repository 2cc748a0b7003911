import type { MetricMetadata } from '@warren/contracts/metric-metadata'
import { type Kysely, sql, type Transaction } from 'kysely'
import { z } from 'zod'
import type { MetadataSource, MetricMetadataStore } from './catalog.ts'
import { limitOf, parseCursor, toPage } from './page.ts'
import type { CatalogTables } from './tables.ts'

const ranks: Readonly<Record<MetadataSource, number>> = { rules: 0, sender: 1, builtIn: 2 }
const keySchema = z.tuple([z.string(), z.string()])

interface Row {
  readonly measurement: string
  readonly field: string
  readonly unit: string | null
  readonly mtype: MetricMetadata['mtype'] | null
  readonly what: string | null
}

/** Of several with one name the last; PostgreSQL keeps no NUL. */
function rowsOf(entries: readonly MetricMetadata[]): string {
  const byName = new Map(entries.map((one) => [JSON.stringify([one.measurement, one.field]), one]))
  return JSON.stringify([...byName.values()]).replaceAll('\\u0000', '')
}

const givenRows = (json: string) =>
  sql`jsonb_to_recordset(${json}::jsonb) as given(measurement text, field text, unit text, mtype text, what text)`

const lock = (db: Transaction<CatalogTables>, tenant: string) =>
  sql`select pg_advisory_xact_lock(hashtext(${`metadata ${tenant}`}))`.execute(db)

async function upsert(
  db: Kysely<CatalogTables>,
  { tenant, rank, json }: { tenant: string; rank: number; json: string },
): Promise<void> {
  await sql`insert into metric_metadata (tenant, measurement, field, rank, unit, mtype, what)
    select ${tenant}, measurement, field, ${rank}, unit, mtype, what from ${givenRows(json)}
    on conflict (tenant, measurement, field, rank) do update
      set unit = excluded.unit, mtype = excluded.mtype, what = excluded.what
      where (metric_metadata.unit, metric_metadata.mtype, metric_metadata.what)
        is distinct from (excluded.unit, excluded.mtype, excluded.what)`.execute(db)
}

export function createMetricMetadata(db: Kysely<CatalogTables>): MetricMetadataStore {
  return {
    put: (tenant, entries, maxNames) =>
      db.transaction().execute(async (trx) => {
        await lock(trx, tenant)
        const rank = ranks.sender
        const json = rowsOf(entries)
        const { rows } = await sql<{ names: number }>`select count(*)::int as names from (
            select measurement, field from metric_metadata where tenant = ${tenant} and rank = ${rank}
            union select measurement, field from ${givenRows(json)}
          ) as all_names`.execute(trx)
        if ((rows[0]?.names ?? 0) > maxNames) return 'full'
        await upsert(trx, { tenant, rank, json })
        return 'kept'
      }),
    replace: (tenant, source, entries) =>
      db.transaction().execute(async (trx) => {
        await lock(trx, tenant)
        const rank = ranks[source]
        const json = rowsOf(entries)
        await sql`delete from metric_metadata where tenant = ${tenant} and rank = ${rank}
          and (measurement, field) not in (select measurement, field from ${givenRows(json)})`.execute(
          trx,
        )
        await upsert(trx, { tenant, rank, json })
      }),
    async list({ tenant, measurement }, page) {
      const limit = limitOf(page)
      const [afterMeasurement = '', afterField = ''] = parseCursor(page.cursor, keySchema) ?? []
      const best = (column: string) =>
        sql`(array_agg(${sql.ref(column)} order by rank) filter (where ${sql.ref(column)} is not null))[1]`
      const { rows } = await sql<Row>`select measurement, field,
          ${best('unit')} as unit, ${best('mtype')} as mtype, ${best('what')} as what
        from metric_metadata
        where tenant = ${tenant} and (measurement, field) > (${afterMeasurement}, ${afterField})
          and (${measurement ?? null}::text is null or measurement = ${measurement ?? null})
        group by measurement, field order by measurement, field limit ${limit + 1}`.execute(db)
      return toPage(rows, limit, {
        toItem: toEntry,
        keyOf: (row) => [row.measurement, row.field],
      })
    },
  }
}

const toEntry = ({ measurement, field, unit, mtype, what }: Row): MetricMetadata => ({
  measurement,
  field,
  ...(unit === null ? {} : { unit }),
  ...(mtype === null || mtype === undefined ? {} : { mtype }),
  ...(what === null ? {} : { what }),
})
