import { isDeadline, waitedForTurn } from '../ask-store.ts'
import type { Asker } from '../asker.ts'
import type { AnswerQuery, MakeAnswer, MetricAnswer } from '../influxdb/answer-query.ts'
import type { AnswerRoom } from '../memory/answer-room.ts'
import type { RoomShare } from '../memory/room-share.ts'
import type { Trail } from '../trail.ts'
import type { CacheState } from './cache-use.ts'
import { Flight } from './flight.ts'
import { gridAt } from './grid.ts'
import { type Kept, KeptAnswers, type KeptLimits } from './kept-answers.ts'
import { type Question, toQuestion } from './question.ts'

export interface CacheOptions extends KeptLimits {
  /** Told of every answer. */
  readonly onAnswer?: (state: CacheState) => void
  readonly now?: (() => number) | undefined
  /** Absent: nobody counts what answers take before they are kept. */
  readonly room?: AnswerRoom | undefined
}

/** An answer and when its question was asked. */
interface Asked {
  readonly answer: MetricAnswer
  readonly atMs: number
}

/** A question on its way, and what all who wait for it have of the memory for answers. */
interface Flying {
  readonly flight: Flight<Asked>
  readonly share: RoomShare | undefined
  /** Of who began. */
  readonly trail: Trail
  readonly untilMs: number
}

/** What is thrown at the deadline does not say what the time went into: a turn at the store, memory, or the store. */
async function wait({ flight, share, trail }: Flying, { signal }: Asker): Promise<Asked> {
  const sinceMs = performance.now()
  try {
    return await flight.wait(signal)
  } catch (error) {
    if (isDeadline(error) && !trail.isAsked) throw waitedForTurn(sinceMs)
    throw share === undefined ? error : share.explain(error)
  }
}

/** The answers of one step of the grid, and the questions on their way. */
class Cache {
  readonly #kept: KeptAnswers<Asked>
  readonly #flights = new Map<string, Flying>()
  readonly #ask: MakeAnswer
  readonly #now: () => number
  readonly #room: AnswerRoom | undefined
  #sweptMs = 0

  constructor(ask: MakeAnswer, options: CacheOptions) {
    this.#ask = ask
    this.#kept = new KeptAnswers(options)
    this.#now = options.now ?? Date.now
    this.#room = options.room
  }

  async answer(question: Question, asker: Asker): Promise<MetricAnswer> {
    const nowMs = this.#now()
    const kept = this.#kept.get(question.key, nowMs)
    if (kept !== undefined) return hit(kept, nowMs)
    const flying = this.#flights.get(question.key)
    // An answer that was asked for longer ago is another question's.
    if (flying !== undefined && flying.untilMs > nowMs && !flying.flight.isAbandoned)
      return hit(await wait(flying, asker), nowMs)
    const { answer } = await wait(this.#start(question, asker, nowMs), asker)
    return { ...answer, cache: answer.cache ?? { state: 'miss', ageMs: 0 } }
  }

  #start({ key, query, untilMs }: Question, asker: Asker, atMs: number): Flying {
    let share: RoomShare | undefined
    const flight = new Flight(async (signal) => {
      share = this.#room?.open({ signal: () => signal })
      try {
        const made = await this.#ask(query, { ...asker, signal, share })
        const { firstError, body, cache, resolution, isWhole } = made
        const answer = { ...{ firstError, body, share, resolution }, ...(cache && { cache }) }
        const asked = { answer, atMs }
        const { tenant } = asker
        // Of an error nothing is sent but its text.
        if (firstError !== undefined) share?.release()
        if (isWhole) this.#keep(key, { tenant, value: asked, bytes: body.bytes, untilMs })
        return asked
      } catch (error) {
        share?.release()
        throw error
      } finally {
        if (this.#flights.get(key)?.flight === flight) this.#flights.delete(key)
      }
    })
    const flying = { flight, share, trail: asker.trail, untilMs }
    this.#flights.set(key, flying)
    return flying
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
