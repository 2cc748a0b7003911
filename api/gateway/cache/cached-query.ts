import type { Asker } from '../asker.ts'
import type { AnswerQuery, MakeAnswer, MetricAnswer } from '../influxdb/answer-query.ts'
import type { CacheState } from './cache-use.ts'
import { Flight } from './flight.ts'
import { gridAt } from './grid.ts'
import { type Kept, KeptAnswers, type KeptLimits } from './kept-answers.ts'
import { type Question, toQuestion } from './question.ts'

export interface CacheOptions extends KeptLimits {
  /** Told of every answer. */
  readonly onAnswer?: (state: CacheState) => void
  readonly now?: (() => number) | undefined
}

/** An answer and when its question was asked. */
interface Asked {
  readonly answer: MetricAnswer
  readonly atMs: number
}

/** The answers of one step of the grid, and the questions on their way. */
class Cache {
  readonly #kept: KeptAnswers<Asked>
  readonly #flights = new Map<string, { flight: Flight<Asked>; untilMs: number }>()
  readonly #ask: MakeAnswer
  readonly #now: () => number
  #sweptMs = 0

  constructor(ask: MakeAnswer, options: CacheOptions) {
    this.#ask = ask
    this.#kept = new KeptAnswers(options)
    this.#now = options.now ?? Date.now
  }

  async answer(question: Question, asker: Asker): Promise<MetricAnswer> {
    const nowMs = this.#now()
    const kept = this.#kept.get(question.key, nowMs)
    if (kept !== undefined) return hit(kept, nowMs)
    const flying = this.#flights.get(question.key)
    // An answer that was asked for longer ago is another question's.
    if (flying !== undefined && flying.untilMs > nowMs && !flying.flight.isAbandoned)
      return hit(await flying.flight.wait(asker.signal), nowMs)
    const { answer } = await this.#start(question, asker, nowMs).wait(asker.signal)
    return { ...answer, cache: answer.cache ?? { state: 'miss', ageMs: 0 } }
  }

  #start({ key, query, untilMs }: Question, asker: Asker, atMs: number): Flight<Asked> {
    const flight = new Flight(async (signal) => {
      try {
        const made = await this.#ask(query, { ...asker, signal })
        const { firstError, body, cache, resolution, isWhole } = made
        const answer = { firstError, body, resolution, ...(cache && { cache }) }
        const asked = { answer, atMs }
        const { tenant } = asker
        if (isWhole) this.#keep(key, { tenant, value: asked, bytes: body.bytes, untilMs })
        return asked
      } finally {
        if (this.#flights.get(key)?.flight === flight) this.#flights.delete(key)
      }
    })
    this.#flights.set(key, { flight, untilMs })
    return flight
  }

  #keep(key: string, kept: Kept<Asked>): void {
    const slotMs = gridAt(this.#now())
    if (slotMs !== this.#sweptMs) this.#kept.sweep(this.#now())
    this.#sweptMs = slotMs
    this.#kept.set(key, { ...kept, bytes: kept.bytes + 2 * key.length })
  }
}

const hit = ({ answer, atMs }: Asked, nowMs: number): MetricAnswer => ({
  ...answer,
  cache: { state: 'hit', ageMs: Math.max(0, nowMs - atMs) + (answer.cache?.ageMs ?? 0) },
})

/**
 * Asks the store once for all who ask the same within 5 s: a live range is moved back to end on a grid of 5 s, and its answer is given to
 * everybody who asks for it until the next step. So an answer equals the store's to the same question at most 5 s earlier. Who wants it fresh asks the store.
 */
export function cachedQuery(ask: MakeAnswer, options: CacheOptions): AnswerQuery {
  const cache = new Cache(ask, options)
  const { now = Date.now, onAnswer } = options
  const answer: AnswerQuery = async (query, asker) => {
    if (!asker.wantsFresh) return cache.answer(toQuestion(query, asker, now()), asker)
    return { ...(await ask(query, asker)), cache: { state: 'bypass', ageMs: 0 } }
  }
  return async (query, asker) => {
    const answered = await answer(query, asker)
    if (answered.cache !== undefined) onAnswer?.(answered.cache.state)
    return answered
  }
}
