import { databaseOf } from '@warren/contracts/names'
import type { RollupName } from '@warren/influxql/rollup-policy'
import { rollupPolicies } from '../../../rollup-policies.ts'
import type { Influx1Connection } from '../connection.ts'
import { type ColumnsByMeasurement, columnsOfRaw, columnsOfRollup } from './columns.ts'
import { readPolicies } from './policies.ts'
import { ShardGroups } from './shard-groups.ts'

interface PlaceOptions {
  readonly connection: Influx1Connection
  readonly database: string
  /** Policy of raw points. */
  readonly raw: string
  readonly groups: ShardGroups
}

/** Where a tenant's points and rollups are, as a round knows it. */
export class TenantPlace {
  readonly raw: string
  readonly #options: PlaceOptions
  readonly #columns = new Map<string, ColumnsByMeasurement>()
  #groups: ShardGroups

  constructor(options: PlaceOptions) {
    this.#options = options
    this.raw = options.raw
    this.#groups = options.groups
  }

  /** Of the shard group that has the hour's points of a policy; undefined where there are none. */
  groupOf(policy: string, hour: number): number | undefined {
    return this.#groups.idAt(this.#options.database, policy, hour * 3600)
  }

  /** What is made of the points of a policy. */
  async columnsOf(policy: string): Promise<ColumnsByMeasurement> {
    const known = this.#columns.get(policy)
    if (known !== undefined) return known
    const { connection, database } = this.#options
    const columnsOf = policy === this.raw ? columnsOfRaw : columnsOfRollup
    const columns = await columnsOf(connection, { database, policy })
    this.#columns.set(policy, columns)
    return columns
  }

  /** Points of an hour were written to a rollup: it may have fields and a shard group that it had not. */
  async noteWritten(policy: RollupName, hour: number): Promise<void> {
    this.#columns.delete(policy)
    if (this.groupOf(policy, hour) !== undefined) return
    this.#groups = await ShardGroups.read(this.#options.connection)
  }
}

/** `gone` is a tenant without a database, `waiting` one without policies for rollups yet: they are made with its retention. */
export async function openPlace(
  connection: Influx1Connection,
  tenant: string,
  groups: ShardGroups,
): Promise<TenantPlace | 'gone' | 'waiting'> {
  const database = databaseOf(tenant)
  const policies = await readPolicies(connection, database)
  if (policies === undefined) return 'gone'
  const { raw, rollups } = policies
  const isReady = rollupPolicies.every(({ name }) => rollups.has(name))
  if (raw === undefined || !isReady) return 'waiting'
  return new TenantPlace({ connection, database, raw: raw.name, groups })
}
