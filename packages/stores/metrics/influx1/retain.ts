import { databaseOf } from '@warren/contracts/names'
import { WarrenError } from '@warren/platform/errors'
import type { Retention } from '../../retention.ts'
import { ask } from './ask.ts'
import type { Influx1Connection } from './connection.ts'
import { isMissing } from './database.ts'

const hoursADay = 24

/** Longest first, as InfluxDB itself would choose (v1 docs, shard group duration): what is too old goes shard by shard. */
const shardHours = ({ days }: Retention): number => {
  if (days > 180) return 7 * hoursADay
  return days > 2 ? hoursADay : 1
}

/** Gives the policy that a tenant's points are written under the tenant's duration; the server drops a shard when its last point is too old. Changing it loses nothing that the new one keeps:
 *  https://docs.influxdata.com/influxdb/v1/query_language/manage-database/#modify-retention-policies-with-alter-retention-policy */
export async function retain(
  connection: Influx1Connection,
  retention: Retention,
): Promise<readonly string[]> {
  const database = databaseOf(retention.tenant)
  const policy = await defaultPolicy(connection, database)
  const hours = retention.days * hoursADay
  if (policy === undefined || policy.duration === `${hours}h0m0s`) return []
  const duration = `DURATION ${hours}h SHARD DURATION ${shardHours(retention)}h`
  const text = `ALTER RETENTION POLICY "${policy.name}" ON "${database}" ${duration}`
  const { results, error } = await ask(connection, { text })
  const reason = error ?? results[0]?.error
  if (reason !== undefined) throw refused(connection, reason)
  return [`retention policy ${policy.name} from ${policy.duration} to ${hours}h`]
}

interface Policy {
  readonly name: string
  readonly duration: string
}

/** Undefined while the tenant has no database. A name that needs an escape is not ours to alter. */
async function defaultPolicy(
  connection: Influx1Connection,
  database: string,
): Promise<Policy | undefined> {
  const { results, error } = await ask(connection, {
    text: `SHOW RETENTION POLICIES ON "${database}"`,
  })
  const reason = error ?? results[0]?.error
  if (reason !== undefined && isMissing(reason, database)) return undefined
  if (reason !== undefined) throw refused(connection, reason)
  const [series] = results[0]?.series ?? []
  const at = (column: string) => series?.columns.indexOf(column) ?? -1
  const row = series?.values.find((values) => values[at('default')] === true)
  const [name, duration] = [row?.[at('name')], row?.[at('duration')]]
  if (typeof name !== 'string' || typeof duration !== 'string' || !/^[\w.-]+$/.test(name))
    return undefined
  return { name, duration }
}

const refused = ({ host }: Influx1Connection, reason: string): WarrenError =>
  new WarrenError(`InfluxDB at ${host} does not let us set a retention policy: ${reason}`, {
    code: 'store_refused_credentials',
    disposition: 'retry',
  })
