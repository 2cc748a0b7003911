import { hash } from 'node:crypto'
import type { StatementResult } from '@warren/influxql/answers/result'
import { isOnTags } from '@warren/influxql/cost/equal-tags'
import type { Expr } from '@warren/influxql/expression'
import { printMeasurement } from '@warren/influxql/print/clauses'
import { printExpression } from '@warren/influxql/print/expression'
import { withRange } from '@warren/influxql/time/time-bounds'
import type { Measurement, SelectStatement, Statement } from '@warren/influxql/tree'
import { fieldKeysOf } from '../../rollups/rollup-fields.ts'
import { type Price, priceOf } from './price.ts'

/** Asks the store for a tenant, in its turn. */
export type AskForTenant = (tenant: string, statement: Statement) => Promise<StatementResult>

/** What a query reads of one measurement: by tags, in the words of its scope. */
interface Wanted {
  readonly key: string
  readonly tenant: string
  readonly source: Measurement
  readonly condition: Expr | undefined
}

interface Known {
  /** Undefined: nothing is known of it. */
  readonly count: number | undefined
  readonly readMs: number
}

/** Below it, with one series, a query is cheap with any number of them that a tenant has. */
export const worthCounting = 1.2
const freshMs = 600_000
/** What was not known may be after a while: rollups come with time. */
const unknownMs = 60_000
const mostKnown = 5000
const mostWaiting = 100
const mostFields = 10
const hourMs = 3_600_000
/** An hour's rollup is made some minutes after its end. */
const madeMs = 20 * 60_000

function isFresh(known: Known | undefined, nowMs: number): boolean {
  if (known === undefined) return false
  return nowMs - known.readMs <= (known.count === undefined ? unknownMs : freshMs)
}

/** What of a condition tags alone decide; the tenant and its grants are in it. */
function tagPart(condition: Expr | undefined): Expr | undefined {
  if (condition === undefined || isOnTags(condition)) return condition
  if (condition.kind === 'paren') return tagPart(condition.expr)
  if (condition.kind !== 'binary' || condition.op !== 'AND') return undefined
  const [left, right] = [tagPart(condition.left), tagPart(condition.right)]
  if (left === undefined || right === undefined) return left ?? right
  return { kind: 'binary', op: 'AND', left, right }
}

/** Thousands are kept, and a condition may name ten thousand values. */
const toKey = (text: string): string => (text.length > 100 ? hash('sha256', text) : text)

function toWanted(tenant: string, source: Measurement, whole: Expr | undefined): Wanted {
  const { policy: _, ...points } = source
  const condition = tagPart(whole)
  const text = condition === undefined ? '' : printExpression(condition)
  return {
    key: toKey(`${tenant}\n${printMeasurement(points)}\n${text}`),
    tenant,
    source: points,
    condition,
  }
}

/** Counts the series of an hour: each has one point in its rollup. */
function countOf(
  { source, condition }: Wanted,
  fields: readonly string[],
  nowMs: number,
): Statement {
  const endMs = Math.floor((nowMs - madeMs) / hourMs) * hourMs
  const select: SelectStatement = {
    kind: 'select',
    fields: fields.map((name) => ({
      expr: { kind: 'call', name: 'count', args: [{ kind: 'reference', name }] },
    })),
    sources: [{ ...source, policy: '1h' }],
    ...(condition === undefined ? {} : { condition }),
    ...{ dimensions: [], fill: { kind: 'null' }, sortFields: [] },
    ...{ limit: 0, offset: 0, seriesLimit: 0, seriesOffset: 0 },
  }
  const toNs = (ms: number): bigint => BigInt(ms) * 1_000_000n
  return withRange(select, { minNs: toNs(endMs - hourMs), maxNs: toNs(endMs) - 1n })
}

/** Series that send at one time, as the last hour's rollups have them: by tenant, measurement and condition on tags. A query is never held up for them; what is not known counts as one series. */
export class SeriesCounts {
  readonly #ask: AskForTenant
  readonly #now: () => number
  readonly #known = new Map<string, Known>()
  readonly #waiting = new Map<string, Wanted>()
  #counting: Promise<void> | undefined

  constructor(ask: AskForTenant, now: () => number = Date.now) {
    this.#ask = ask
    this.#now = now
  }

  /** A query's price by what is known of its series. What is not known, or not any more, is counted meanwhile, for the next time. */
  readonly price: Price = (tenant, { statements, nowNs }) => {
    const lacking: Wanted[] = []
    const seriesOf = (source: Measurement | undefined, condition: Expr | undefined): number => {
      if (source === undefined) return 1
      const wanted = toWanted(tenant, source, condition)
      const known = this.#known.get(wanted.key)
      if (!isFresh(known, this.#now())) lacking.push(wanted)
      return known?.count ?? 1
    }
    const cost = priceOf(statements, { nowNs, seriesOf: (source, _, all) => seriesOf(source, all) })
    if (cost >= worthCounting) this.#want(lacking)
    return cost
  }

  #want(lacking: readonly Wanted[]): void {
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
      if (this.#known.size >= mostKnown) this.#known.clear()
      this.#known.set(wanted.key, { count, readMs: this.#now() })
      this.#waiting.delete(wanted.key)
    }
  }

  async #count(wanted: Wanted): Promise<number | undefined> {
    const { key, tenant, source } = wanted
    try {
      const keys = await this.#ask(tenant, fieldKeysOf('1h', source))
      const names = (keys.series ?? []).flatMap(({ values }) =>
        values.map(([name]) => String(name)),
      )
      const lasts = [...new Set(names)].filter((name) => name.endsWith('_last'))
      if (lasts.length === 0) return undefined
      const counted = countOf(wanted, lasts.slice(0, mostFields), this.#now())
      const { series = [] } = await this.#ask(tenant, counted)
      const most = series.map(({ values }) => Math.max(...(values[0] ?? []).slice(1).map(Number)))
      return most.length === 0 ? undefined : most.reduce((sum, count) => sum + count, 0)
    } catch {
      // Told by the status of the api. What was known holds, and is asked for again when it is as old.
      return this.#known.get(key)?.count
    }
  }
}
