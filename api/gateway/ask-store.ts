import type { Response } from 'express'
import { Gauge, type Registry } from 'prom-client'
import { Refusal } from '../http/refusal.ts'
import type { Asker } from './asker.ts'
import { QuerySlots, type SlotLimits } from './query-slots.ts'

export interface AskLimits extends SlotLimits {
  readonly deadlineMs: number
}

/** Runs one question at a store within the limits. Throws a `Refusal` when there is no slot or no time. */
export type AskStore = <Value>(asker: StoreAsker, question: Question<Value>) => Promise<Value>

/** What a turn at a store needs to know of who asks. */
export type StoreAsker = Pick<Asker, 'tenant' | 'signal'>

/** One question to one store. */
export interface Question<Value> {
  readonly store: 'metrics' | 'logs'
  /** Asks; what it has begun ends with the signal. */
  readonly ask: (signal: AbortSignal) => Promise<Value>
}

const late = (deadlineMs: number): Refusal =>
  new Refusal(
    'query_deadline',
    `the query took longer than ${deadlineMs / 1000} s; ask for a shorter range or a longer interval`,
  )

export const gone = (): Refusal => new Refusal('bad_request', 'the client closed the connection')

/** A signal that fires at the deadline or when the client has gone, whichever is first; its reason is a `Refusal`. */
export function signalOf(response: Response, deadlineMs: number): AbortSignal {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(late(deadlineMs)), deadlineMs)
  response.once('close', () => {
    clearTimeout(timer)
    if (!response.writableFinished) controller.abort(gone())
  })
  return controller.signal
}

/** Asks with a signal that fires with another one, or at a deadline of its own. */
export async function withinDeadline<Value>(
  outer: AbortSignal,
  deadlineMs: number,
  ask: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(late(deadlineMs)), deadlineMs)
  try {
    return await ask(AbortSignal.any([outer, controller.signal]))
  } finally {
    clearTimeout(timer)
  }
}

/** Settles with the query, or rejects with the signal's reason as soon as it fires: stores word their own aborts differently. */
async function unlessAborted<Value>(answer: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const stop = (): void => reject(signal.reason)
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await Promise.race([answer, aborted])
  } catch (error) {
    throw signal.aborted ? signal.reason : error
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

export function createAskStore(limits: AskLimits, registry: Registry): AskStore {
  const slots = new QuerySlots(limits)
  const gauge = (name: string, help: string, read: () => number): Gauge =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read())
      },
    })
  gauge('warren_api_queries_running', 'Queries at the stores', () => slots.running)
  gauge('warren_api_queries_waiting', 'Queries that wait for a slot', () => slots.waiting)
  return async ({ tenant, signal }, { ask }) => {
    const release = await slots.take(tenant, signal)
    // A store that ignores the signal keeps its slot until it is done: it is still at work.
    const answer = ask(signal).finally(release)
    answer.catch(() => undefined)
    return unlessAborted(answer, signal)
  }
}
