import { databaseOf } from '@warren/contracts/names'
import { firstKeptMs } from '../../retention.ts'
import { rollupDaysOf, rollupPolicies } from '../../rollup-policies.ts'
import type { MetricRetention } from '../metric-store.ts'
import type { Influx1Connection } from './connection.ts'
import { askOne } from './rollups/ask-one.ts'
import { noteStored } from './rollups/note-stored.ts'
import { readPolicies, refusedPolicy, type StoredPolicy } from './rollups/policies.ts'
import type { StaleMarks } from './rollups/stale-marks.ts'
import { narrowest } from './rollups/touched-windows.ts'

const hoursADay = 24

/** Longest first, as InfluxDB itself would choose (v1 docs, shard group duration): what is too old goes shard by shard. */
const shardHours = (days: number): number => {
  if (days > 180) return 7 * hoursADay
  return days > 2 ? hoursADay : 1
}

/** Rollups are few points: fewer shards than raw points need. */
const rollupShardHours = (days: number): number => (days >= 28 ? 7 : 1) * hoursADay

interface RetainContext {
  readonly connection: Influx1Connection
  readonly marks: StaleMarks
  /** By tenant: since when points are to leave that rollups lack, ms since the epoch. */
  readonly postponed: Map<string, number>
}

interface WantedPolicy {
  readonly database: string
  readonly name: string
  readonly days: number
  readonly shardHours: number
  /** As it is, where it is. */
  readonly stored: StoredPolicy | undefined
}

/** Gives the policies of a tenant's points and rollups the tenant's durations; the server drops a shard when its last point is too old. Changing one loses nothing that the new one keeps:
 *  https://docs.influxdata.com/influxdb/v1/query_language/manage-database/#modify-retention-policies-with-alter-retention-policy */
export async function retain(
  context: RetainContext,
  retention: MetricRetention,
): Promise<readonly string[]> {
  const { connection, marks } = context
  const { tenant, days } = retention
  const database = databaseOf(tenant)
  const policies = await readPolicies(connection, database)
  if (policies?.raw === undefined) return []
  const { raw: stored, rollups } = policies
  const wanted = rollupPolicies.map((policy): WantedPolicy => {
    const kept = rollupDaysOf(policy, retention)
    const shards = { days: kept, shardHours: rollupShardHours(kept) }
    return { database, name: policy.name, ...shards, stored: rollups.get(policy.name) }
  })
  // Before the policies are there: a kill between the two means doing it again.
  if (wanted.some((each) => each.stored === undefined))
    await noteStored({ connection, marks, raw: stored.name }, retention)
  const ofPoints = { database, name: stored.name, days, shardHours: shardHours(days), stored }
  if (isAsWanted(ofPoints)) context.postponed.delete(tenant)
  else if (!(await isToWait(context, retention))) wanted.push(ofPoints)
  const changed: string[] = []
  for (const each of wanted) changed.push(...(await setPolicy(context, each)))
  return changed
}

/** Points that would leave and that rollups lack still: the policy is altered once they are made. Those that came after the first wish to alter it are not waited for: more may always come. */
async function isToWait(
  { marks, postponed }: RetainContext,
  retention: MetricRetention,
): Promise<boolean> {
  const { tenant, nowMs } = retention
  const sinceMs = postponed.get(tenant) ?? nowMs
  postponed.set(tenant, sinceMs)
  const firstKept = Math.floor(firstKeptMs(retention) / 1000 / narrowest)
  return marks.lacksBefore(tenant, firstKept, sinceMs)
}

const isAsWanted = ({ stored, days }: WantedPolicy): boolean =>
  stored?.duration === `${days * hoursADay}h0m0s`

/** Answers what it did, in words for people. */
async function setPolicy(
  { connection }: RetainContext,
  wanted: WantedPolicy,
): Promise<readonly string[]> {
  if (isAsWanted(wanted)) return []
  const { database, name, days, shardHours: shards, stored } = wanted
  const hours = days * hoursADay
  const [verb, replication] = stored === undefined ? ['CREATE', ' REPLICATION 1'] : ['ALTER', '']
  const text = `${verb} RETENTION POLICY "${name}" ON "${database}" DURATION ${hours}h${replication} SHARD DURATION ${shards}h`
  const { error } = await askOne(connection, { text })
  if (error !== undefined) throw refusedPolicy(connection, error)
  const from = stored === undefined ? '' : `from ${stored.duration} `
  return [`retention policy ${name} ${from}to ${hours}h`]
}
