import { isDeadline, waitedForTurn } from '../../ask-store.ts'
import { type Asker, withSignal } from '../../asker.ts'
import type { AnswerRoom } from '../../memory/answer-room.ts'
import type { RoomShare } from '../../memory/room-share.ts'
import type { Trail } from '../../trail.ts'
import type { CacheUse } from '../cache-use.ts'
import type { Kept, KeptAnswers } from '../kept-answers.ts'
import { gridAt } from '../snap/grid.ts'
import { Flight } from './flight.ts'

/** An answer and when its question was asked. */
interface Asked<Answer> {
  readonly answer: Answer
  readonly atMs: number
  /** It is also for those who come later. */
  readonly isWhole: boolean
}

/** Whole answers of all languages, within one bound. */
export type WholeAnswers = KeptAnswers<Asked<unknown>>

export interface Made<Answer> {
  readonly answer: Answer
  /** The memory that it takes while it is kept. */
  readonly bytes: number
  /** Nothing is wrong or missing in it: it is also for those who come later. */
  readonly isWhole: boolean
}

/** A question as it is asked for all who ask it within one step of the grid. */
export interface OneForAll<Answer> {
  /** Equal for equal questions and for no others: of another tenant, other grants or in another language it is another question. */
  readonly key: string
  /** Until when an answer that is asked for now may be given to others, ms. */
  readonly untilMs: number
  /** Asks for who began and all who join: the signal fires when the last of them has left, and the share is theirs together. */
  readonly ask: (asker: Asker) => Promise<Made<Answer>>
}

/** A question on its way, and what all who wait for it have of the memory for answers. */
interface Flying<Answer> {
  readonly flight: Flight<Asked<Answer>>
  readonly share: RoomShare | undefined
  /** Of who began. */
  readonly trail: Trail
  readonly untilMs: number
}

export interface Given<Answer> {
  readonly answer: Answer
  /** Of the asker's own question, or of another's. */
  readonly use: CacheUse
  /** Nobody else has it, or will. */
  readonly isSole: boolean
}

export interface AskedOnceOptions {
  readonly kept: WholeAnswers
  readonly now?: (() => number) | undefined
  /** Absent: nobody counts what answers take before they are kept. */
  readonly room?: AnswerRoom | undefined
}

/** What is thrown at the deadline does not say what the time went into: a turn at the store, memory, or the store. */
async function wait<Answer>(
  { flight, share, trail }: Flying<Answer>,
  { signal }: Asker,
): Promise<Asked<Answer>> {
  const sinceMs = performance.now()
  try {
    return await flight.wait(signal)
  } catch (error) {
    if (isDeadline(error) && !trail.isAsked) throw waitedForTurn(sinceMs, trail)
    throw share === undefined ? error : share.explain(error)
  }
}

/** The answers of one step of the grid, and the questions on their way: each is asked once for all who ask the same meanwhile. */
export class AskedOnce<Answer> {
  readonly #kept: WholeAnswers
  readonly #flights = new Map<string, Flying<Answer>>()
  readonly #now: () => number
  readonly #room: AnswerRoom | undefined
  #sweptMs = 0

  constructor({ kept, now = Date.now, room }: AskedOnceOptions) {
    this.#kept = kept
    this.#now = now
    this.#room = room
  }

  async answer(question: OneForAll<Answer>, asker: Asker): Promise<Given<Answer>> {
    const nowMs = this.#now()
    // No other language has such keys: what is there was put there by us.
    const kept = this.#kept.get(question.key, nowMs) as Asked<Answer> | undefined
    if (kept !== undefined) return hit(kept, nowMs)
    const flying = this.#flights.get(question.key)
    // An answer that was asked for longer ago is another question's.
    if (flying !== undefined && flying.untilMs > nowMs && !flying.flight.isAbandoned)
      return hit(await wait(flying, asker), nowMs)
    const own = this.#start(question, asker, nowMs)
    const { answer, isWhole } = await wait(own, asker)
    const isSole = !isWhole && !own.flight.wasShared
    return { answer, use: { state: 'miss', ageMs: 0 }, isSole }
  }

  #start({ key, untilMs, ask }: OneForAll<Answer>, asker: Asker, atMs: number): Flying<Answer> {
    let share: RoomShare | undefined
    const flight = new Flight(async (signal) => {
      share = this.#room?.open({ signal: () => signal })
      try {
        const { answer, bytes, isWhole } = await ask(withSignal(asker, { signal, share }))
        // Nobody is left who would give it back.
        if (signal.aborted) share?.release()
        const asked = { answer, atMs, isWhole }
        const { tenant } = asker
        if (isWhole) this.#keep(key, { tenant, value: asked, bytes, untilMs })
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

  #keep(key: string, kept: Kept<Asked<Answer>>): void {
    const slotMs = gridAt(this.#now())
    if (slotMs !== this.#sweptMs) this.#kept.sweep(this.#now())
    this.#sweptMs = slotMs
    this.#kept.set(key, { ...kept, bytes: kept.bytes + 2 * key.length })
  }
}

const hit = <Answer>({ answer, atMs }: Asked<Answer>, nowMs: number) => ({
  answer,
  use: { state: 'hit', ageMs: Math.max(0, nowMs - atMs) } as const,
  isSole: false,
})
