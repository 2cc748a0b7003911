import { reasonOf } from '@warren/platform/errors'
import { toDayText } from '../../../duckdb/day.ts'
import type { RollupRound } from '../../metric-store.ts'
import type { Influx1Connection } from '../connection.ts'
import { dayOf, hoursOf, type StaleHour } from './hours.ts'
import { Origins } from './origins.ts'
import type { StaleTenant } from './read-marks.ts'
import { RollTenant } from './roll-tenant.ts'
import { ShardGroups } from './shard-groups.ts'
import type { StaleMarks } from './stale-marks.ts'
import { openPlace } from './tenant-place.ts'

/** After so long a round begins nothing more. */
const budgetMs = 10_000

/** What a statement may take: the first unless the server did not answer in time. */
const paces = [
  { maxWindows: 12, maxColumns: 50 },
  { maxWindows: 3, maxColumns: 20 },
  { maxWindows: 1, maxColumns: 5 },
] as const

interface RollUpOptions {
  readonly connection: Influx1Connection
  readonly marks: StaleMarks
}

interface Round {
  /** By `performance.now()`. */
  readonly endMs: number
  readonly groups: ShardGroups
  readonly tally: Tally
}

interface Tally {
  windows: number
  readonly failed: string[]
  /** By tenant. */
  readonly left: [string, readonly StaleHour[]][]
}

/** Makes the windows that rollups lack. What is to be made is in InfluxDB, so a kill at any moment means doing it again, and so do several pollers at once. */
export class RollUp {
  readonly #options: RollUpOptions
  /** By tenant, where the first pace is too fast. */
  readonly #paces = new Map<string, number>()

  constructor(options: RollUpOptions) {
    this.#options = options
  }

  /** Windows that are over, the newest hours of each tenant first. Throws when the store is away. */
  async round(nowMs: number): Promise<RollupRound> {
    const { connection, marks } = this.#options
    const endMs = performance.now() + budgetMs
    const tally: Tally = { windows: 0, failed: [], left: [] }
    if (marks.refusal !== undefined)
      tally.failed.push(`late points are not noted: ${marks.refusal}`)
    const stale = await marks.list(nowMs)
    if (stale.length === 0) return toRound(tally)
    const groups = await ShardGroups.read(connection)
    for (const each of inAnyOrder(stale)) await this.#rollTenant(each, { endMs, groups, tally })
    return toRound(tally)
  }

  async #rollTenant(stale: StaleTenant, { endMs, groups, tally }: Round): Promise<void> {
    const { connection, marks } = this.#options
    const { tenant } = stale
    const hours = [...hoursOf(stale)]
    if (performance.now() >= endMs) {
      tally.left.push([tenant, hours])
      return
    }
    try {
      const place = await openPlace(connection, tenant, groups)
      if (place === 'waiting') return
      if (place === 'gone') return await forgetAll(marks, stale)
      const pace = paces[this.#paces.get(tenant) ?? 0] ?? paces[0]
      const origins = await Origins.read({ connection, tenant }, spanOf(hours))
      const roll = new RollTenant({ connection, marks, origins, stale, place, pace })
      tally.windows += await rollHours(roll, hours, endMs)
      this.#quicken(tenant)
    } catch (error) {
      this.#slow(tenant)
      const [hour] = hours
      const day = hour === undefined ? '' : `, ${toDayText(dayOf(hour))}`
      tally.failed.push(`${tenant}${day}: ${reasonOf(error)}`)
    }
    if (hours.length > 0) tally.left.push([tenant, hours])
  }

  #slow(tenant: string): void {
    const pace = this.#paces.get(tenant) ?? 0
    this.#paces.set(tenant, Math.min(pace + 1, paces.length - 1))
  }

  #quicken(tenant: string): void {
    const pace = this.#paces.get(tenant) ?? 0
    if (pace > 1) this.#paces.set(tenant, pace - 1)
    else this.#paces.delete(tenant)
  }
}

const spanOf = (hours: readonly StaleHour[]) => ({
  first: hours.at(-1)?.hour ?? 0,
  last: hours[0]?.hour ?? 0,
})

/** Takes the hours that are made from the list. */
async function rollHours(roll: RollTenant, hours: StaleHour[], endMs: number): Promise<number> {
  let windows = 0
  try {
    for (let hour = hours[0]; hour !== undefined && performance.now() < endMs; hour = hours[0]) {
      windows += await roll.make(hour)
      hours.shift()
    }
  } finally {
    await roll.settle()
  }
  return windows
}

/** A database that is gone lacks nothing. */
async function forgetAll(marks: StaleMarks, stale: StaleTenant): Promise<void> {
  for (const [policy, windows] of stale.windows) {
    const numbers = [...windows.keys()].sort((a, b) => a - b)
    const [from = 0, to = 0] = [numbers[0], numbers.at(-1)]
    await marks.forget(stale, { policy, from, to })
  }
}

function toRound({ windows, failed, left }: Tally): RollupRound {
  const days = left.flatMap(([tenant, hours]) => hours.map((hour) => `${tenant} ${dayOf(hour)}`))
  const since = left.flatMap(([, hours]) => hours.map(({ sinceMs }) => sinceMs))
  return {
    ...{ windows, failed, waiting: new Set(days).size },
    waitingSinceMs:
      since.length === 0 ? undefined : since.reduce((one, other) => Math.min(one, other)),
  }
}

/** Several pollers begin with different tenants, and one that fails does not keep the same ones from theirs. */
const inAnyOrder = <Item>(items: readonly Item[]): readonly Item[] =>
  items
    .map((item) => ({ item, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item)
