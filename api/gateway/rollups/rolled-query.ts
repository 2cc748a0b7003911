import type { ResultSeries, StatementResult } from '@warren/influxql/answers/result'
import type { SelectStatement } from '@warren/influxql/tree'
import type { CacheUse } from '../cache/cache-use.ts'
import {
  type MakeAnswer,
  type NewAnswer,
  type ScopedQuery,
  toAnswer,
} from '../influxdb/answer-query.ts'
import type { Price } from '../influxdb/cost/price.ts'
import { tooCostly } from '../limits/charge-query.ts'
import type { KeptTimes } from './kept-times.ts'
import { pointsPart, rollupPart } from './parts.ts'
import type { Missing, Planned, Rolled } from './plan.ts'
import { isOfPoints, type RollupOptions } from './plan-for.ts'
import { planStatements } from './plan-query.ts'
import { beyondRetention } from './refusals.ts'
import { printResolutions, type Resolution, resolutionsOf } from './resolution.ts'
import { concerns, faultWith } from './rollup-fields.ts'
import { RollupReader, type Who } from './rollup-reader.ts'
import { stitch } from './stitch.ts'

interface Context extends Who {
  readonly kept: KeptTimes
  readonly maxCost: number
  readonly price: Price
}

/** What would be shown without what has left. */
interface Hidden {
  readonly select: SelectStatement
  readonly missing: readonly Missing[]
}

interface Answered {
  readonly result: Omit<StatementResult, 'statement_id'>
  readonly resolutions: readonly Resolution[]
  readonly cache?: CacheUse | undefined
}

interface Part extends Answered {
  readonly series: readonly ResultSeries[]
}

const msNs = 1_000_000n

const hasValues = (series: readonly ResultSeries[]): boolean =>
  series.some(({ values }) => values.some(([, ...row]) => row.some((value) => value !== null)))

/** The time of the newest row. */
function newestNs(series: readonly ResultSeries[]): bigint | undefined {
  const times = series.flatMap(({ values }) => values.slice(-1).map(([time]) => Number(time)))
  return times.length === 0 ? undefined : BigInt(Math.max(...times)) * msNs
}

/** How an answer came about of which a part is kept: rollups are asked for each time. */
function keptPart(parts: readonly Answered[], rest: CacheUse | undefined): CacheUse | undefined {
  const uses = [...parts.map(({ cache }) => cache), rest].filter((use) => use !== undefined)
  const kept = uses.filter(({ state }) => state === 'hit' || state === 'partial')
  const ageMs = Math.max(...kept.map((use) => use.ageMs))
  return kept.length === 0 ? undefined : { state: 'partial', ageMs }
}

function refuseDear(select: SelectStatement, context: Context): void {
  const { query, asker, maxCost, price } = context
  const cost = price(asker.tenant, { statements: [select], nowNs: query.nowNs })
  if (cost > maxCost) throw tooCostly(cost, maxCost)
}

const coarserOnly = 'windows that short where only a coarser one is left'

const cutByStore = {
  error:
    'the store has cut its answer at a limit of its own; ask for fewer series or a longer interval',
}

class Rolling {
  readonly #ask: MakeAnswer
  readonly #reader: RollupReader

  constructor(ask: MakeAnswer) {
    this.#ask = ask
    this.#reader = new RollupReader(ask)
  }

  async answer(planned: readonly Planned[], context: Context): Promise<NewAnswer> {
    const { asker } = context
    const { statements, epoch, nowNs } = context.query
    const ready = await Promise.all(planned.map((plan) => this.#prepare(plan, context)))
    const plain = statements.filter((_, at) => ready[at] === undefined)
    const [rest, ...rolled] = await Promise.all([
      plain.length === 0 ? undefined : this.#ask({ statements: plain, epoch, nowNs }, asker),
      ...ready.map((plan) => (plan === undefined ? undefined : this.#roll(plan, context))),
    ])
    const left = [...(rest?.rows() ?? [])]
    const results = statements.map((_, statement_id) => ({
      ...(rolled[statement_id]?.result ?? left.shift()),
      statement_id,
    }))
    const answered = rolled.filter((each) => each !== undefined)
    const cache = answered.length === 0 ? rest?.cache : keptPart(answered, rest?.cache)
    return {
      ...toAnswer(results),
      ...(cache === undefined ? {} : { cache }),
      resolution: printResolutions([
        ...plain.flatMap(resolutionsOf),
        ...answered.flatMap(({ resolutions }) => resolutions),
      ]),
    }
  }

  /** Undefined: the statement is asked for as it is. Throws a `Refusal` where that would hide what rollups have, or cost too much. */
  async #prepare(planned: Planned, context: Context): Promise<Rolled | undefined> {
    if (planned.kind === 'as it is') return undefined
    const { missing } = planned
    if (planned.kind === 'unserved') {
      await this.#refuseIfAny(planned.what, { select: planned.select, missing }, context)
      return undefined
    }
    const { rollable, policy, beyond } = planned
    const { select, measurement } = rollable
    const source = { kind: 'measurement', name: measurement } as const
    const fields = await this.#reader.fields({ policy, source, range: planned.range }, context)
    await this.#refuseIfAny(coarserOnly, { select, missing: beyond }, context)
    const fault = faultWith(rollable, fields)
    if (fault === undefined && concerns(rollable, fields)) return planned
    if (fault !== undefined) await this.#refuseIfAny(fault, { select, missing }, context)
    if (planned.borderNs === undefined) refuseDear(select, context)
    return undefined
  }

  async #refuseIfAny(what: string, { select, missing }: Hidden, context: Context): Promise<void> {
    if (missing.length > 0 && (await this.#reader.hasAny(select, missing, context)))
      throw beyondRetention(what, missing, context.kept)
  }

  async #roll(rolled: Rolled, context: Context): Promise<Answered> {
    const { rollable, policy, range } = rolled
    const { query, asker } = context
    const rollup = await this.#one(rollupPart(rolled), context)
    if (rollup.result.error !== undefined) return rollup
    const borderNs = rolled.borderNs ?? newestNs(rollup.series)
    const isDear = rolled.borderNs === undefined
    if (borderNs === undefined || rollup.series.length === 0) {
      if (isDear) refuseDear(rollable.select, context)
      return this.#one(rollable.select, context, query.epoch)
    }
    const part = pointsPart(rolled, isDear ? borderNs : range.minNs)
    if (isDear) refuseDear(part, context)
    const points = await this.#one(part, context)
    if (points.result.error !== undefined) return points
    const halves = { rollup: rollup.series, points: points.series, borderNs }
    const result = await stitch(halves, { rollable, range, query, signal: asker.signal })
    const messages = [rollup, points].flatMap((part) => part.result.messages ?? [])
    return {
      result: messages.length === 0 ? result : { ...result, messages },
      resolutions: hasValues(points.series) ? [policy, 'raw'] : [policy],
      cache: points.cache,
    }
  }

  /** Times in milliseconds unless said otherwise: windows of rollups begin at whole seconds. */
  async #one(
    select: SelectStatement,
    { query, asker }: Who,
    epoch: ScopedQuery['epoch'] = 'ms',
  ): Promise<Part> {
    const { nowNs } = query
    const answer = await this.#ask({ statements: [select], epoch, nowNs }, asker)
    const [result = { statement_id: 0 }] = answer.rows()
    const { series = [] } = result
    const resolutions = resolutionsOf(select)
    if (series.some((one) => 'partial' in one))
      return { result: cutByStore, series: [], resolutions }
    return { result, series, resolutions, cache: answer.cache }
  }
}

/** Answers from rollups what points have left or would cost too much; refuses what would be shown without what only rollups have. */
export function rolledQuery(ask: MakeAnswer, options: RollupOptions): MakeAnswer {
  const rolling = new Rolling(ask)
  const asIs: MakeAnswer = async (query, asker) => {
    const read = query.ranged === undefined ? query.statements : [query.ranged.select]
    const resolution = printResolutions(read.flatMap(resolutionsOf))
    return { ...(await ask(query, asker)), resolution }
  }
  return async (query, asker) => {
    const { isAlert, tenant, trail } = asker
    const { isDear } = trail
    const kept = await options.kept.of(tenant, query.nowNs)
    if (!isDear && isOfPoints(query, kept)) return asIs(query, asker)
    const mayRoll = options.alerts || !isAlert
    const planned = planStatements(query, { kept, mayRoll, isDear })
    if (planned.every(({ kind }) => kind === 'as it is')) return asIs(query, asker)
    const { price, maxCostOf } = options
    return rolling.answer(planned, { query, asker, kept, maxCost: maxCostOf(tenant), price })
  }
}
