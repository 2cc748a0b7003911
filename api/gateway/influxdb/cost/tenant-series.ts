import type { StatementResult } from '@warren/influxql/answers/result'
import type { Statement } from '@warren/influxql/tree'
import { fieldKeysOf } from '../../rollups/rollup-fields.ts'
import { countOf, type WantedSeries } from './wanted-series.ts'

/** Asks the store for one tenant, in its turn. */
export type AskForSeries = (statement: Statement) => Promise<StatementResult>

interface Known {
  /** Undefined: nothing is known of it. */
  readonly count: number | undefined
  readonly readMs: number
}

const freshMs = 600_000
/** What was not known may be after a while: rollups come with time. */
const unknownMs = 60_000
/** As a dashboard has that names each of a tenant's hosts in turn. */
const mostKnown = 1000
const mostWaiting = 100
const mostFields = 10

function isFresh(known: Known | undefined, nowMs: number): boolean {
  if (known === undefined) return false
  return nowMs - known.readMs <= (known.count === undefined ? unknownMs : freshMs)
}

/** How many series one tenant's queries read. What others ask neither displaces what is known here nor holds up what is counted. */
export class TenantSeries {
  readonly #ask: AskForSeries
  readonly #now: () => number
  /** In the order in which they were counted. */
  readonly #known = new Map<string, Known>()
  readonly #waiting = new Map<string, WantedSeries>()
  #counting: Promise<void> | undefined

  constructor(ask: AskForSeries, now: () => number) {
    this.#ask = ask
    this.#now = now
  }

  /** Not counted yet, with the one that is being counted. */
  get waiting(): number {
    return this.#waiting.size
  }

  /** Undefined: it is not known. */
  countOf({ key }: WantedSeries): number | undefined {
    return this.#known.get(key)?.count
  }

  isFresh({ key }: WantedSeries): boolean {
    return isFresh(this.#known.get(key), this.#now())
  }

  /** Has them counted; what is too much is dropped, and wanted again by the next query. */
  want(lacking: readonly WantedSeries[]): void {
    for (const wanted of lacking)
      if (this.#waiting.size < mostWaiting) this.#waiting.set(wanted.key, wanted)
    if (this.#waiting.size === 0) return
    this.#counting ??= this.#countAll().finally(() => {
      this.#counting = undefined
    })
  }

  /** One after the other: it is for the next time, and stores have better to do. */
  async #countAll(): Promise<void> {
    for (const wanted of this.#waiting.values()) {
      const count = await this.#count(wanted)
      this.#keep(wanted.key, { count, readMs: this.#now() })
      this.#waiting.delete(wanted.key)
    }
  }

  #keep(key: string, known: Known): void {
    this.#known.delete(key)
    this.#known.set(key, known)
    const [oldest] = this.#known.keys()
    if (this.#known.size > mostKnown && oldest !== undefined) this.#known.delete(oldest)
  }

  async #count(wanted: WantedSeries): Promise<number | undefined> {
    const { key, source } = wanted
    try {
      const keys = await this.#ask(fieldKeysOf('1h', source))
      const names = (keys.series ?? []).flatMap(({ values }) =>
        values.map(([name]) => String(name)),
      )
      const lasts = [...new Set(names)].filter((name) => name.endsWith('_last'))
      if (lasts.length === 0) return undefined
      const { series = [] } = await this.#ask(
        countOf(wanted, lasts.slice(0, mostFields), this.#now()),
      )
      const most = series.map(({ values }) => Math.max(...(values[0] ?? []).slice(1).map(Number)))
      return most.length === 0 ? undefined : most.reduce((sum, count) => sum + count, 0)
    } catch {
      // Told by the status of the api. What was known holds, and is asked for again when it is as old.
      return this.#known.get(key)?.count
    }
  }
}
