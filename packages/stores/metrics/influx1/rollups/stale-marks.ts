import type { ResultSeries } from '@warren/influxql/answers/result'
import { type RollupName, rollupNames } from '@warren/influxql/rollup-policy'
import { reasonOf, WarrenError } from '@warren/platform/errors'
import { rollupPolicies } from '../../../rollup-policies.ts'
import type { Influx1Connection } from '../connection.ts'
import { isMissing } from '../database.ts'
import { askOne } from './ask-one.ts'
import { readMarks, type StaleTenant } from './read-marks.ts'
import { saveState, stateDatabase } from './state.ts'
import { narrowest } from './touched-windows.ts'

/** Marks of one generation are written for so long. */
const generationMs = 300_000
/** Then their name is used again. Far longer than any request can be on its way. */
const generations = 36
/** Between the clocks of pollers. */
const skewMs = 60_000
/** Of one answer, for each tenant, generation and policy: the newest first. */
const maxListed = 10_000
/** Of one request. */
const maxSaved = 1000
/** Of one tenant in memory; beyond, windows are marked again. */
const maxNoted = 20_000

/** Codes of errors that asking again does not mend. */
const refusals: ReadonlySet<string> = new Set(['store_refused_credentials', 'store_refused'])

interface MarkOptions {
  readonly connection: Influx1Connection
  /** How long a write may be on its way. */
  readonly writeTimeoutMs: number
  readonly now: () => number
}

interface MadeWindows {
  readonly policy: RollupName
  /** Counted from the epoch, both made. */
  readonly from: number
  readonly to: number
}

/**
 * Which windows lack points, kept in InfluxDB so that every poller and the next start know it.
 * 1. A write marks the windows that it touches, unless this process has marked them in this generation (five minutes).
 * 2. The job reads marks of generations that are over for so long that each write which relied on them has ended. Nobody adds to these,
 *  so they can be removed once the windows are made; a point that comes meanwhile makes a mark of a later generation.
 */
export class StaleMarks {
  readonly #options: MarkOptions
  readonly #noted = new Map<string, { generation: number; windows: Set<number> }>()
  #refusal: string | undefined

  constructor(options: MarkOptions) {
    this.#options = options
  }

  /** How long after its end, or its generation's, a window is made. */
  get lagMs(): number {
    return this.#options.writeTimeoutMs + skewMs
  }

  /** Why marks are not taken, where InfluxDB does not let us keep them; writes go on without. */
  get refusal(): string | undefined {
    return this.#refusal
  }

  /** Resolves when the windows are marked; undefined when they are already. Throws when the store is away. */
  note(tenant: string, windows: ReadonlySet<number>): Promise<void> | undefined {
    const generation = Math.floor(this.#options.now() / generationMs)
    const noted = this.#notedOf(tenant, generation)
    const added = [...windows].filter((window) => !noted.windows.has(window))
    return added.length === 0 ? undefined : this.#mark(tenant, added, noted)
  }

  /** What is to be made: windows that are over, of generations that are. */
  async list(nowMs: number): Promise<readonly StaleTenant[]> {
    const names = rollupPolicies.map(({ name }) => `"${name}"`).join(', ')
    const text = `SELECT since FROM ${names} GROUP BY tenant, "of" ORDER BY time DESC LIMIT ${maxListed}`
    const open = this.#openAt(nowMs)
    const closed = (await this.#ask(text)).filter(({ tags }) => !open.has(tags?.['of'] ?? ''))
    return readMarks(closed, (window, width) => (window + 1) * width * 1000 + this.lagMs <= nowMs)
  }

  /** Whether rollups lack windows before one, counted from the epoch, over or not, of points that came until some moment. */
  async lacksBefore(tenant: string, window: number, untilMs: number): Promise<boolean> {
    const [name] = rollupNames
    const text = `SELECT since FROM "${name}" WHERE tenant = '${tenant}' AND time < ${window} AND since <= ${untilMs} LIMIT 1`
    return (await this.#ask(text)).length > 0
  }

  /** Removes the marks, as they were read, of windows that are made. */
  async forget(stale: StaleTenant, { policy, from, to }: MadeWindows): Promise<void> {
    // Once a process has slept, others may have begun these generations anew: they do the windows again.
    if (performance.now() - stale.readAtMs > generationMs) return
    const of = [...stale.generations].map((each) => `"of" = '${each}'`).join(' OR ')
    await this.#ask(
      `DELETE FROM "${policy}" WHERE tenant = '${stale.tenant}' AND (${of}) AND time >= ${from} AND time <= ${to}`,
    )
  }

  /** Every window from one to another, for points that were stored before there were rollups. */
  async noteRange(tenant: string, from: number, to: number): Promise<void> {
    for (let first = from; first <= to; first += maxSaved) {
      const count = Math.min(maxSaved, to - first + 1)
      await this.#save(
        tenant,
        Array.from({ length: count }, (_, index) => first + index),
      )
    }
  }

  /** Nothing where nothing was marked yet. */
  async #ask(text: string): Promise<readonly ResultSeries[]> {
    const question = { text, database: stateDatabase, epoch: 'ns' }
    const { series, error } = await askOne(this.#options.connection, question)
    if (error === undefined || isMissing(error, stateDatabase)) return series
    throw new Error(error)
  }

  #notedOf(tenant: string, generation: number) {
    const known = this.#noted.get(tenant)
    if (known?.generation === generation && known.windows.size < maxNoted) return known
    const noted = { generation, windows: new Set<number>() }
    this.#noted.set(tenant, noted)
    return noted
  }

  async #mark(
    tenant: string,
    windows: readonly number[],
    noted: { readonly windows: Set<number> },
  ): Promise<void> {
    try {
      await this.#save(tenant, windows)
      this.#refusal = undefined
    } catch (error) {
      // Who may not do that cannot have rollups at all: points are stored all the same.
      const isRefused = error instanceof WarrenError && refusals.has(error.code)
      if (!isRefused) throw error
      this.#refusal = reasonOf(error)
    }
    for (const window of windows) noted.windows.add(window)
  }

  async #save(tenant: string, windows: readonly number[]): Promise<void> {
    const nowMs = this.#options.now()
    const of = Math.floor(nowMs / generationMs) % generations
    const lines: string[] = []
    for (const { name, width } of rollupPolicies) {
      const numbers = new Set(windows.map((each) => Math.floor((each * narrowest) / width)))
      for (const number of numbers)
        lines.push(`${name},of=${of},tenant=${tenant} since=${nowMs}i ${number}`)
    }
    for (let first = 0; first < lines.length; first += maxSaved)
      await saveState(this.#options.connection, lines.slice(first, first + maxSaved))
  }

  /** Generations that a mark may still be written in, or that a write on its way relies on. */
  #openAt(nowMs: number): ReadonlySet<string> {
    const open = new Set<string>()
    const last = Math.floor((nowMs + skewMs) / generationMs)
    for (let each = Math.floor((nowMs - this.lagMs) / generationMs); each <= last; each++)
      open.add(String(each % generations))
    return open
  }
}
