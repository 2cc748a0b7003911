import type { StatementResult } from '@warren/influxql/answers/result'
import type { Statement } from '@warren/influxql/tree'
import { fieldKeysOf } from '../../rollups/rollup-fields.ts'
import { toCount, type WantedSeries } from './wanted-series.ts'

/** Asks the store for one tenant, in its turn. */
export type AskForSeries = (statement: Statement) => Promise<StatementResult>

export interface TenantSeriesOptions {
  readonly ask: AskForSeries
  readonly now: () => number
  /** Runs a count when few of other tenants run. */
  readonly inTurn: <Result>(run: () => Promise<Result>) => Promise<Result>
}

interface Known {
  /** Undefined: nothing is known of it. */
  readonly count: number | undefined
  readonly readMs: number
}

const freshMs = 600_000
/** What was not known may be after a while: rollups come with time. */
const unknownMs = 60_000
/** What nobody asked for so long is known no more. */
const forgetMs = 3_600_000
/** Twenty panels that name each of 250 hosts in turn; about 200 bytes each. */
const mostKnown = 5000
const mostWaiting = 100
/** Characters: a variable's list of 60,000 texts is one million. */
const mostWaitingLength = 2_000_000
const mostFields = 10

/** How many series one tenant's queries read. What others ask does not displace what is known here, and their counts and these take turns. */
export class TenantSeries {
  readonly #ask: AskForSeries
  readonly #now: () => number
  readonly #inTurn: TenantSeriesOptions['inTurn']
  /** In the order in which they were counted. */
  readonly #known = new Map<string, Known>()
  readonly #waiting = new Map<string, WantedSeries>()
  #waitingLength = 0
  #newestMs = 0
  #counting: Promise<void> | undefined

  constructor({ ask, now, inTurn }: TenantSeriesOptions) {
    this.#ask = ask
    this.#now = now
    this.#inTurn = inTurn
  }

  /** Not counted yet, with the one that is being counted. */
  get waiting(): number {
    return this.#waiting.size
  }

  /** Nothing is known any more, nor will be of what was asked so far: no price changes when it goes. */
  get isForgotten(): boolean {
    return this.#waiting.size === 0 && this.#ageOf(this.#newestMs) > forgetMs
  }

  /** Undefined: it is not known. */
  countOf({ key }: WantedSeries): number | undefined {
    return this.#recall(key)?.count
  }

  isFresh({ key }: WantedSeries): boolean {
    const known = this.#recall(key)
    if (known === undefined) return false
    return this.#ageOf(known.readMs) <= (known.count === undefined ? unknownMs : freshMs)
  }

  /** Has them counted; what is too much is dropped, and wanted again by the next query. */
  want(lacking: readonly WantedSeries[]): void {
    for (const wanted of lacking) this.#enqueue(wanted)
    if (this.#waiting.size > 0) this.#counting ??= this.#countAll()
  }

  /** A clock that was set back makes nothing young for ever. */
  #ageOf(ms: number): number {
    return Math.abs(this.#now() - ms)
  }

  #recall(key: string): Known | undefined {
    const known = this.#known.get(key)
    return known === undefined || this.#ageOf(known.readMs) > forgetMs ? undefined : known
  }

  #enqueue(wanted: WantedSeries): void {
    if (this.#waiting.has(wanted.key) || this.#waiting.size >= mostWaiting) return
    if (this.#waitingLength + wanted.length > mostWaitingLength) return
    this.#waiting.set(wanted.key, wanted)
    this.#waitingLength += wanted.length
  }

  /** One after the other: it is for the next time, and panels take the same turns at the store. Whatever is wanted until the last step is counted. */
  async #countAll(): Promise<void> {
    for (const wanted of this.#waiting.values()) {
      const count = await this.#inTurn(() => this.#count(wanted))
      this.#keep(wanted.key, { count, readMs: this.#now() })
      this.#waiting.delete(wanted.key)
      this.#waitingLength -= wanted.length
    }
    this.#counting = undefined
  }

  #keep(key: string, known: Known): void {
    this.#newestMs = known.readMs
    this.#known.delete(key)
    this.#known.set(key, known)
    const [oldest] = this.#known.keys()
    if (this.#known.size > mostKnown && oldest !== undefined) this.#known.delete(oldest)
  }

  /** Throws the error that stands in an answer of 200, as that of a query that took too long. */
  async #answerTo(statement: Statement): Promise<StatementResult> {
    const result = await this.#ask(statement)
    if (result.error !== undefined) throw new Error(result.error)
    return result
  }

  async #count(wanted: WantedSeries): Promise<number | undefined> {
    try {
      const keys = await this.#answerTo(fieldKeysOf('1h', wanted.source))
      const names = (keys.series ?? []).flatMap(({ values }) =>
        values.map(([name]) => String(name)),
      )
      const lasts = [...new Set(names)].filter((name) => name.endsWith('_last'))
      if (lasts.length === 0) return undefined
      const counted = toCount(wanted, lasts.slice(0, mostFields), this.#now())
      const { series = [] } = await this.#answerTo(counted)
      const most = series.map(({ values }) => Math.max(...(values[0] ?? []).slice(1).map(Number)))
      return most.length === 0 ? undefined : most.reduce((sum, count) => sum + count, 0)
    } catch {
      // Told by the status of the api. What was known holds, and is asked for again when it is as old.
      return this.countOf(wanted)
    }
  }
}
