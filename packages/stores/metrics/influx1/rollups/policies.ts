import { type RollupName, rollupNames } from '@warren/influxql/rollup-policy'
import { WarrenError } from '@warren/platform/errors'
import type { Influx1Connection } from '../connection.ts'
import { isMissing } from '../database.ts'
import { askOne } from './ask-one.ts'

export interface StoredPolicy {
  readonly name: string
  /** As InfluxDB says it: `720h0m0s`; `0s` is for ever. */
  readonly duration: string
}

export interface Policies {
  /** Of raw points: the default one. Absent when its name needs an escape: it is not ours then. */
  readonly raw: StoredPolicy | undefined
  readonly rollups: ReadonlyMap<RollupName, StoredPolicy>
}

/** Undefined while the database is missing. */
export async function readPolicies(
  connection: Influx1Connection,
  database: string,
): Promise<Policies | undefined> {
  const text = `SHOW RETENTION POLICIES ON "${database}"`
  const { series, error } = await askOne(connection, { text })
  if (error !== undefined && isMissing(error, database)) return undefined
  if (error !== undefined) throw refusedPolicy(connection, error)
  const [table] = series
  const at = (column: string) => table?.columns.indexOf(column) ?? -1
  let raw: StoredPolicy | undefined
  const rollups = new Map<RollupName, StoredPolicy>()
  for (const row of table?.values ?? []) {
    const [name, duration] = [String(row[at('name')]), String(row[at('duration')])]
    const rollup = rollupNames.find((each) => each === name)
    if (rollup !== undefined) rollups.set(rollup, { name, duration })
    else if (row[at('default')] === true && /^[\w.-]+$/.test(name)) raw = { name, duration }
  }
  return { raw, rollups }
}

export const refusedPolicy = ({ host }: Influx1Connection, reason: string): WarrenError =>
  new WarrenError(`InfluxDB at ${host} does not let us set a retention policy: ${reason}`, {
    code: 'store_refused_credentials',
    disposition: 'retry',
  })
