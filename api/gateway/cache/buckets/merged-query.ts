import type { StatementResult } from '@warren/influxql/answers/result'
import type { Asker } from '../../asker.ts'
import type {
  AskAnew,
  FreshAnswer,
  MakeAnswer,
  NewAnswer,
  ScopedQuery,
} from '../../influxdb/answer-query.ts'
import { AnswerBody } from '../../influxdb/body/answer-body.ts'
import type { CacheState } from '../cache-use.ts'
import type { LateData } from '../late/late-data.ts'
import { type PartlyKept, toBodySource } from './encode-stretch.ts'
import { type Extent, type ExtentLimits, Extents, type NewsMark } from './extents.ts'
import { isFillKnown } from './fill-stretch.ts'
import { KeepLater } from './keep-later.ts'
import { extended } from './keepable.ts'
import { passOnText } from './kept-text.ts'
import { type Mergeable, toMergeable } from './mergeable.ts'
import { type Gap, type Plan, toPlan } from './plan.ts'
import type { SharedExtents } from './shared-extents.ts'
import { endOf, join, type Stretch, toRows, toStretch, withPoints } from './stretch.ts'
import { Unfit } from './unfit.ts'

export interface MergeOptions extends ExtentLimits {
  /** How long after its end a bucket may get points that nobody announces. */
  readonly settleMs: number
  readonly lateData: LateData
  /** Absent: no other instance has any. */
  readonly shared?: SharedExtents | undefined
  readonly now?: (() => number) | undefined
}

/** A question and who asks it. */
interface Asked {
  readonly question: Mergeable
  readonly query: ScopedQuery
  readonly asker: Asker
}

/** A question for which the store was asked what was not kept. */
interface Made extends Asked {
  readonly key: string
  readonly plan: Plan
  readonly kept: Extent | undefined
  readonly mark: NewsMark
  readonly nowMs: number
}

/** Stretches grow with every bucket that is over: others get them no more often. */
const shareEveryMs = 30_000

const stateOf = ({ head, kept, tail }: Plan): CacheState => {
  if (kept === undefined) return 'miss'
  return head === undefined && tail === undefined ? 'hit' : 'partial'
}

/** Which buckets of an answer are kept: those that were, or those that are now. */
function partsOf(whole: Stretch, plan: Plan, stretch: Stretch | undefined): PartlyKept {
  const keptFromMs = Math.max(plan.closed.startMs, stretch?.startMs ?? 0)
  const keptToMs = Math.min(plan.closed.endMs, stretch === undefined ? 0 : endOf(stretch))
  if (stretch === undefined || keptToMs <= keptFromMs)
    return { whole, kept: undefined, keptFromMs: 0, keptToMs: 0 }
  return { whole, kept: stretch, keptFromMs, keptToMs }
}

class Merger {
  readonly #extents: Extents
  readonly #unfit = new Unfit()
  readonly #later = new KeepLater()
  readonly #ask: AskAnew
  readonly #options: MergeOptions
  readonly #now: () => number

  constructor(ask: AskAnew, options: MergeOptions) {
    this.#ask = ask
    this.#options = options
    this.#now = options.now ?? Date.now
    this.#extents = new Extents(options, this.#now)
    options.lateData.listen({
      late: (lateness) => this.#extents.cut(lateness),
      lost: () => this.#extents.clear(),
    })
  }

  async answer(query: ScopedQuery, asker: Asker): Promise<NewAnswer> {
    const question = toMergeable(query)
    if (question === undefined || !this.#options.lateData.isHeard()) return this.#ask(query, asker)
    const key = JSON.stringify([asker.tenant, question.key])
    if (this.#unfit.has(key, this.#now())) return this.#ask(query, asker)
    return (await this.#merge(key, { question, query, asker })) ?? this.#ask(query, asker)
  }

  /** Undefined: the store is to be asked for the whole. */
  async #merge(key: string, asked: Asked): Promise<NewAnswer | undefined> {
    const { question, asker } = asked
    const being = this.#later.of(key)
    if (being !== undefined) await being
    const mark = this.#extents.mark()
    const nowMs = this.#now()
    const kept = this.#extents.get(key, nowMs) ?? (await this.#adopt(key, asker))
    const plan = toPlan(question, kept?.stretch, nowMs - this.#options.settleMs)
    if (plan.kept === undefined && plan.closed.endMs <= plan.closed.startMs) return undefined
    const made = { ...asked, key, plan, kept, mark, nowMs }
    const answer = await this.#askFor(plan, asked)
    if (answer?.body.pieces !== undefined) {
      // A large answer will be as large the next time: it is neither kept nor put together.
      this.#unfit.add(key, nowMs)
      return { ...answer, cache: { state: 'miss', ageMs: 0 } }
    }
    if (answer !== undefined && this.#mayPassOn(answer, plan)) return this.#passOn(answer, made)
    const results = (await answer?.read(asker.share)) ?? []
    const whole = toWhole(results, plan, question)
    if (whole === undefined || !isFillKnown(whole, question)) {
      this.#unfit.add(key, nowMs)
      return undefined
    }
    return this.#putTogether(whole, made)
  }

  /** Keeps what is over of the answer. */
  #putTogether(whole: Stretch, made: Made): NewAnswer {
    const { question, plan, kept, nowMs } = made
    const state = stateOf(plan)
    const left = this.#keepOver(whole, made)
    const parts = partsOf(whole, plan, left ?? kept?.stretch)
    const body = new AnswerBody(toBodySource(parts, question))
    return {
      ...{ isWhole: true, firstError: undefined, body },
      rows: () => [{ statement_id: 0, series: toRows(whole) }],
      cache: { state, ageMs: nowMs - askedMsOf(plan, kept, nowMs) },
    }
  }

  /** Whether the answer is the store's bytes to the very question, of which nothing was kept. */
  #mayPassOn({ isAsItCame, body }: FreshAnswer, { kept }: Plan): boolean {
    return isAsItCame && kept === undefined && this.#later.hasRoom(body.bytes)
  }

  /** Sends it as it came; what is to be kept of it is made once it is on its way. */
  #passOn(answer: FreshAnswer, made: Made): NewAnswer {
    const { key, nowMs, question, plan } = made
    const letGo = made.asker.share?.hold()
    this.#later.add(key, answer.body.bytes, async () => {
      try {
        // What waits is little, and one after the other.
        const whole = toWhole(await answer.read(undefined), plan, question)
        if (whole === undefined) this.#unfit.add(key, nowMs)
        else this.#keepOver(whole, made)
      } catch {
        // It was sent as it came: what is wrong with it is for who asked to see.
        this.#unfit.add(key, nowMs)
      } finally {
        letGo?.()
      }
    })
    return { ...answer, cache: { state: 'miss', ageMs: 0 } }
  }

  /** Keeps the buckets of an answer that are over; what is kept now, undefined where that has not changed. */
  #keepOver(whole: Stretch, made: Made): Stretch | undefined {
    const { key, question, asker, plan, kept, mark, nowMs } = made
    const { absences, measurement } = question
    const left = stateOf(plan) === 'hit' ? undefined : extended(plan, { whole, kept, absences })
    if (left === undefined) return undefined
    const used = plan.kept === undefined ? undefined : kept
    const askedMs = askedMsOf(plan, kept, nowMs)
    const extent = { tenant: asker.tenant, measurement, stretch: left, askedMs }
    this.#keep(key, extent, { mark, used, lastMs: kept?.sharedMs })
    return left
  }

  /** For this instance and others. `used`: what it is made of. */
  #keep(
    key: string,
    extent: Extent,
    {
      mark,
      used,
      lastMs,
    }: { mark: NewsMark; used: Extent | undefined; lastMs: number | undefined },
  ): void {
    if (used !== undefined) passOnText(used.stretch, extent.stretch)
    const sharedMs = this.#share(key, extent, lastMs)
    this.#extents.keep(key, { ...extent, sharedMs }, mark)
  }

  /** What another instance has kept of it. */
  async #adopt(key: string, { tenant }: Asker): Promise<Extent | undefined> {
    const { shared } = this.#options
    const mark = this.#extents.mark()
    const found = await shared?.get(tenant, key)
    const left = found && this.#extents.adopted(found)
    if (left === undefined) return undefined
    const extent = { ...left, sharedMs: this.#now() }
    this.#extents.keep(key, extent, mark)
    return extent
  }

  /** Gives others what has grown, and says when that was. */
  #share(key: string, extent: Extent, lastMs = Number.NEGATIVE_INFINITY): number {
    const { shared, maxAgeMs } = this.#options
    const nowMs = this.#now()
    if (nowMs - lastMs < shareEveryMs) return lastMs
    shared?.put(key, extent, extent.askedMs + maxAgeMs - nowMs)
    return nowMs
  }

  /** What the store has of it; undefined: all is kept. Where nothing is, it may come as bytes. */
  async #askFor(plan: Plan, { question, query, asker }: Asked): Promise<FreshAnswer | undefined> {
    const gaps = gapsOf(plan)
    if (gaps.length === 0) return undefined
    const statements = gaps.map(({ select }) => select)
    const { epoch, nowNs } = query
    const mayBeBytes =
      query.mayBeBytes === true && plan.kept === undefined && question.fill.kind === 'null'
    return this.#ask({ statements, epoch, nowNs, mayBeBytes }, asker)
  }
}

const gapsOf = ({ head, tail }: Plan): readonly Gap[] =>
  [head, tail].filter((gap): gap is Gap => gap !== undefined)

/** When the store was asked for the oldest part of what is kept after an answer. */
const askedMsOf = (plan: Plan, kept: Extent | undefined, nowMs: number): number =>
  (plan.kept === undefined ? undefined : kept?.askedMs) ?? nowMs

/** The stretches of a plan as one, those that are kept and those of the answer; undefined where they do not fit together. */
function toWhole(
  results: readonly StatementResult[],
  plan: Plan,
  { absences }: Mergeable,
): Stretch | undefined {
  const { head, kept, tail } = plan
  const answered = new Map(
    gapsOf(plan).map((gap, index) => [gap, toStretch(results[index], gap, absences)]),
  )
  const parts = [
    ...(head === undefined ? [] : [answered.get(head)]),
    ...(kept === undefined ? [] : [withPoints(kept, absences)]),
    ...(tail === undefined ? [] : [answered.get(tail)]),
  ]
  const all = parts.filter((part): part is Stretch => part !== undefined)
  return all.length === parts.length ? join(all, absences) : undefined
}

/**
 * Keeps buckets that are over and asks the store for the rest: the partial first bucket, those that may still get points, and what was never asked
 * for, as statements of one request. What cannot be put together of buckets, or does not fit, is asked for as a whole.
 */
export function mergedQuery(ask: AskAnew, options: MergeOptions): MakeAnswer {
  const merger = new Merger(ask, options)
  return (query, asker) => (asker.wantsFresh ? ask(query, asker) : merger.answer(query, asker))
}
