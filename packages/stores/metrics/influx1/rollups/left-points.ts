import { rollupNames } from '@warren/influxql/rollup-policy'
import type { Influx1Connection } from '../connection.ts'
import { askOne, rowsOf } from './ask-one.ts'
import { ShardGroups } from './shard-groups.ts'
import { stateDatabase } from './state.ts'

/** What is known of a tenant holds so long. */
const freshMs = 20_000
/** Hours looked at, the newest first: two years. */
const maxHours = 17_520
const hourMs = 3_600_000

interface Known {
  readonly since: Promise<number | undefined>
  readonly readMs: number
}

/** Which points have left, as InfluxDB says: rollups know the shard groups that they were made from. */
export class LeftPoints {
  readonly #connection: Influx1Connection
  readonly #known = new Map<string, Known>()

  constructor(connection: Influx1Connection) {
    this.#connection = connection
  }

  /** The end of the newest hour of which rollups were made from points that have been dropped, ms since the epoch; undefined when there is none. */
  since(tenant: string): Promise<number | undefined> {
    const known = this.#known.get(tenant)
    if (known !== undefined && performance.now() - known.readMs < freshMs) return known.since
    const since = this.#find(tenant)
    this.#known.set(tenant, { since, readMs: performance.now() })
    since.catch(() => this.#known.delete(tenant))
    return since
  }

  async #find(tenant: string): Promise<number | undefined> {
    const text = `SELECT "group" FROM origins WHERE tenant = '${tenant}' AND rollup = '${rollupNames[0]}' ORDER BY time DESC LIMIT ${maxHours}`
    const question = { text, database: stateDatabase, epoch: 'ns' }
    const { series, error } = await askOne(this.#connection, question)
    // Nothing was rolled up yet.
    if (error?.includes('database not found') === true) return undefined
    if (error !== undefined) throw new Error(error)
    const groups = await ShardGroups.read(this.#connection)
    for (const { values } of series)
      for (const [hour, group] of rowsOf(values)) if (!groups.has(group)) return (hour + 1) * hourMs
    return undefined
  }
}
