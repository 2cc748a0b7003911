import type { DuckDBConnection } from '@duckdb/node-api'
import { reasonOf, WarrenError } from '@warren/platform/errors'
import { toDayText } from '../../../duckdb/day.ts'
import type { DayFiles, Lease } from '../../../duckdb/day-files.ts'
import { inTransaction } from '../../../duckdb/engine.ts'
import { readDay } from '../../../duckdb/retain-days.ts'
import { firstKeptMs, type Retention, type StoredDay } from '../../../retention.ts'
import type { RollupRound } from '../../metric-store.ts'
import { forgetReads, type MetricFileState } from '../file-state.ts'
import { keepSums, keptWidth } from '../kept-sums/kept-sums.ts'
import type { BatchWriter } from '../write-batch.ts'
import { aggregate } from './aggregate.ts'
import type { LeftPoints } from './left-points.ts'
import { firstDayOf, type RollupFiles } from './rollup-files.ts'
import { type Claim, claimWindows, readWaiting, settleWindows } from './stale-table.ts'

/** A window is made this long after its end, so that most of it is made once. */
const lagMs = 30_000
/** Of raw points that one step reads, seconds. */
const stepSeconds = 3600
const countOf = (width: number): number => Math.max(1, Math.floor(stepSeconds / width))
const dayMs = 86_400_000
/** Later than any window. */
const maxMs = 8.64e15

interface RollUpOptions {
  /** This job's own. */
  readonly connection: DuckDBConnection
  readonly raw: DayFiles<MetricFileState>
  readonly rollups: readonly RollupFiles[]
  readonly writer: BatchWriter
  readonly left: LeftPoints
}

interface TenantDay {
  readonly tenant: string
  readonly day: number
}

const keyOf = ({ tenant, day }: TenantDay): string => `${tenant} ${day}`

/** Makes the windows that rollups lack. What is to be made is in the day files, so a kill at any moment means doing it again. */
export class RollUp {
  readonly #options: RollUpOptions
  /** Files that lack nothing, so that a round does not open every file. */
  readonly #complete = new Set<string>()
  /** Of the files that lack windows which are over: when the first began to wait, ms since the epoch. */
  readonly #waitingSince = new Map<string, number>()
  #last: Promise<unknown> = Promise.resolve()

  constructor(options: RollUpOptions) {
    this.#options = options
  }

  /** Before a day is written to. */
  touch(tenant: string, day: number): void {
    this.#complete.delete(keyOf({ tenant, day }))
  }

  /** Whether nothing of the day waits to be made. */
  isComplete(tenant: string, day: number): boolean {
    return this.#complete.has(keyOf({ tenant, day }))
  }

  /** Windows that are over, the newest days first, for about `budgetMs`. */
  round(nowMs: number, budgetMs: number): Promise<RollupRound> {
    return this.#alone(async () => {
      const endMs = performance.now() + budgetMs
      const failed: string[] = []
      let [windows, waiting] = [0, 0]
      for (const each of await this.#incomplete()) {
        try {
          const made = await this.#rollDay(each, { closedMs: nowMs - lagMs, endMs })
          windows += made.windows
          if (made.isCut) waiting++
        } catch (cause) {
          waiting++
          if (!this.#waitingSince.has(keyOf(each))) this.#setWaiting(each, nowMs)
          failed.push(`${each.tenant}, ${toDayText(each.day)}: ${reasonOf(cause)}`)
        }
      }
      return { windows, waiting, failed, waitingSinceMs: this.#firstWaitingMs() }
    })
  }

  /** Makes what is lacking of the days of raw points that are too old, for about `budgetMs`, and drops those of which every window is made. Answers them, in words for people;
   *  throws what kept one of them, when the others are gone. */
  retain(retention: Retention, budgetMs: number): Promise<readonly string[]> {
    const { raw } = this.#options
    const { tenant } = retention
    return this.#alone(async () => {
      const until = wholly(budgetMs)
      const firstKept = Math.floor(firstKeptMs(retention) / dayMs)
      const old = (await raw.days(tenant)).filter((day) => day < firstKept)
      const [gone, failures]: [string[], unknown[]] = [[], []]
      for (const day of old)
        await this.#leave({ tenant, day }, until).then(
          (isGone) => isGone && gone.push(`the day ${toDayText(day)}`),
          (cause: unknown) => failures.push(cause),
        )
      if (failures.length > 0) throw failures[0]
      return gone
    })
  }

  /** Drops a file of rollups, or a day though rollups may lack some of it after `budgetMs`: that the disk is full may be why they do. Throws `store_failed` while it is in use. */
  giveUp({ tenant, day, rollup }: StoredDay, budgetMs: number): Promise<void> {
    const each = { tenant, day: readDay(day) }
    return this.#alone(async () => {
      if (rollup !== undefined) {
        const found = this.#options.rollups.find(({ policy }) => policy.name === rollup)
        await found?.files.drop(tenant, each.day)
        return
      }
      if (!this.#complete.has(keyOf(each)))
        await this.#rollDay(each, wholly(budgetMs)).catch(() => undefined)
      await this.#drop(each)
    })
  }

  /** Resolves when what runs is over. */
  async close(): Promise<void> {
    await this.#last
  }

  #alone<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.#last.then(work)
    this.#last = done.catch(() => undefined)
    return done
  }

  async #incomplete(): Promise<readonly TenantDay[]> {
    const { raw } = this.#options
    const found: TenantDay[] = []
    for (const tenant of await raw.tenants())
      for (const day of await raw.days(tenant))
        if (!this.#complete.has(keyOf({ tenant, day }))) found.push({ tenant, day })
    return found.sort((a, b) => b.day - a.day)
  }

  /** False while it is in use, written to or not wholly rolled up. */
  async #leave(each: TenantDay, until: Until): Promise<boolean> {
    const { raw, writer } = this.#options
    if (raw.isLeased(each.tenant, each.day)) return false
    if (!this.#complete.has(keyOf(each))) {
      try {
        await this.#rollDay(each, until)
      } catch (cause) {
        // Nobody will ever read it, and it is old enough to go.
        if (!(cause instanceof WarrenError) || cause.code !== 'file_corrupt') throw cause
        await this.#drop(each)
        return true
      }
    }
    // While no batch is written: none can come between the look and the unlinking.
    return writer.between(each.tenant, async () => {
      const isDroppable = this.#complete.has(keyOf(each)) && !raw.isLeased(each.tenant, each.day)
      if (isDroppable) await this.#drop(each)
      return isDroppable
    })
  }

  async #drop(each: TenantDay): Promise<void> {
    await this.#options.raw.drop(each.tenant, each.day)
    this.#options.left.forget(each.tenant)
    this.#setWaiting(each, undefined)
  }

  async #rollDay(each: TenantDay, until: Until): Promise<Made> {
    if (performance.now() >= until.endMs) return { windows: 0, isCut: true }
    const lease = await this.#options.raw.leaseForRead(each.tenant, each.day)
    if (lease === undefined) return { windows: 0, isCut: false }
    try {
      const made = await this.#makeAll(each, lease, until)
      await this.#look(each, lease, until.closedMs)
      return made
    } finally {
      lease.release()
    }
  }

  async #makeAll(
    each: TenantDay,
    lease: Lease<MetricFileState>,
    { closedMs, endMs }: Until,
  ): Promise<Made> {
    let windows = 0
    for (const rollup of this.#options.rollups) {
      const { width } = rollup.policy
      // A window that is over, of the day's; the infinite is no number to SQL.
      const closed = Math.floor((closedMs - each.day * dayMs) / 1000 / width)
      const before = Math.max(0, Math.min(closed, 86_400 / width))
      // Each once: one that points come for meanwhile waits for the next round.
      for (let from = 0; ; ) {
        const slots = await this.#claim(
          { tenant: each.tenant, lease },
          { width, from, before, count: countOf(width) },
        )
        const last = slots.at(-1)
        if (last === undefined) break
        await this.#make(each, { lease, rollup, slots })
        windows += slots.length
        if (performance.now() >= endMs) return { windows, isCut: true }
        from = last + 1
      }
    }
    return { windows, isCut: false }
  }

  async #make({ tenant, day }: TenantDay, { lease, rollup, slots }: ClaimedWindows): Promise<void> {
    const { connection, writer } = this.#options
    const { width } = rollup.policy
    const firstDay = firstDayOf(rollup, day)
    const into = await rollup.files.leaseForWrite(tenant, firstDay)
    try {
      const names = { raw: lease.name, rollup: into.name }
      await aggregate(connection, { ...names, day, firstDay, width, slots })
      forgetReads(into.state)
    } finally {
      into.release()
    }
    await writer.between(tenant, () =>
      inTransaction(connection, async () => {
        if (width === keptWidth) await keepSums(connection, { raw: lease.name, slots })
        await settleWindows({ connection, name: lease.name }, { width, slots })
      }),
    )
  }

  #claim({ tenant, lease }: TenantLease, claim: Claim): Promise<readonly number[]> {
    return this.#options.writer.between(tenant, async (connection) => {
      const slots = await claimWindows({ connection, name: lease.name }, claim)
      lease.state.writer?.stale.forget(claim.width, slots)
      return slots
    })
  }

  #look(each: TenantDay, { name }: Lease<MetricFileState>, closedMs: number): Promise<void> {
    const times = { midnightMs: each.day * dayMs, closedMs: Math.min(closedMs, maxMs) }
    return this.#options.writer.between(each.tenant, async (connection) => {
      const { isComplete, sinceMs } = await readWaiting({ connection, name }, times)
      if (isComplete) this.#complete.add(keyOf(each))
      this.#setWaiting(each, sinceMs)
    })
  }

  #firstWaitingMs(): number | undefined {
    const times = [...this.#waitingSince.values()]
    return times.length === 0 ? undefined : Math.min(...times)
  }

  #setWaiting(each: TenantDay, sinceMs: number | undefined): void {
    if (sinceMs === undefined) this.#waitingSince.delete(keyOf(each))
    else this.#waitingSince.set(keyOf(each), sinceMs)
  }
}

interface Until {
  /** Windows that end before are over, ms since the epoch. */
  readonly closedMs: number
  /** Of the process: about when to stop. */
  readonly endMs: number
}

/** Windows that are not over, too. */
const wholly = (budgetMs: number): Until => ({
  closedMs: Number.POSITIVE_INFINITY,
  endMs: performance.now() + budgetMs,
})

interface Made {
  readonly windows: number
  /** Time was up before the last. */
  readonly isCut: boolean
}

interface TenantLease {
  readonly tenant: string
  readonly lease: Lease<MetricFileState>
}

interface ClaimedWindows {
  readonly lease: Lease<MetricFileState>
  readonly rollup: RollupFiles
  readonly slots: readonly number[]
}
