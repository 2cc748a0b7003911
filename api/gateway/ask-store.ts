import type { ServerResponse } from 'node:http'
import { availableParallelism } from 'node:os'
import type { StoreTurns } from '@warren/contracts/http/query-insights'
import { dispositionOf, isDefect } from '@warren/platform/errors'
import type { Registry } from 'prom-client'
import { Refusal } from '../http/refusal.ts'
import type { Asker } from './asker.ts'
import { retryAfterS } from './schedule/retry-after.ts'
import {
  measureSchedule,
  type ScheduleMetrics,
  type StoreName,
} from './schedule/schedule-metrics.ts'
import { type Outcome, type ScheduleLimits, Scheduler, type Turn } from './schedule/scheduler.ts'
import type { Trail } from './trail.ts'
import { unlessAborted } from './unless-aborted.ts'

/** Runs one question at a store when it is its turn. Throws a `Refusal` when there is no room to wait or no time. */
export type AskStore = <Value>(asker: StoreAsker, question: Question<Value>) => Promise<Value>

/** What a turn at a store needs to know of who asks. */
export type StoreAsker = Pick<
  Asker,
  'tenant' | 'credential' | 'user' | 'dashboard' | 'isAlert' | 'signal' | 'share' | 'trail'
>

/** One question to one store. */
export interface Question<Value> {
  readonly store: StoreName
  /** In units of cost: what the turn takes from its tenant's share. */
  readonly cost: number
  /** Asks; what it has begun ends with the signal. */
  readonly ask: (signal: AbortSignal) => Promise<Value>
  /** The answer says that the store has too much to do. */
  readonly isOverload?: (value: Value) => boolean
}

const late = (deadlineMs: number): Refusal =>
  new Refusal(
    'query_deadline',
    `the query took longer than ${deadlineMs / 1000} s; ask for a shorter range or a longer interval`,
  )

export const gone = (): Refusal => new Refusal('bad_request', 'the client closed the connection')

/** A signal that fires at the deadline, counted from here, or when the client has gone, whichever is first; its reason is a `Refusal`. Made when it is first asked for. */
export function signalOf(response: ServerResponse, deadlineMs: number): () => AbortSignal {
  const startMs = performance.now()
  let signal: AbortSignal | undefined
  return () => {
    signal ??= startSignal(response, deadlineMs, startMs)
    return signal
  }
}

function startSignal(response: ServerResponse, deadlineMs: number, startMs: number): AbortSignal {
  const controller = new AbortController()
  const leave = (): void => controller.abort(gone())
  if (response.destroyed) leave()
  const leftMs = startMs + deadlineMs - performance.now()
  const timer = setTimeout(() => controller.abort(late(deadlineMs)), leftMs)
  response.once('close', () => {
    clearTimeout(timer)
    if (!response.writableFinished) leave()
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

const groupOf = ({ dashboard, user, credential }: StoreAsker): string =>
  dashboard === undefined ? `user ${user ?? credential}` : `dashboard ${dashboard}`

export const isDeadline = (reason: unknown): boolean =>
  reason instanceof Refusal && reason.code === 'query_deadline'

/** What a failure says about the store: nothing where it was not read from at the deadline, since answers that others read slowly had the memory, nor where a question has met a defect of ours: a store may not be asked less for it, by all. */
function outcomeOf(error: unknown, { signal, share }: StoreAsker): Outcome {
  if (signal.aborted)
    return isDeadline(signal.reason) && share?.isWaiting !== true ? 'dropped' : 'left'
  if (error instanceof Refusal || isDefect(error)) return 'answered'
  return dispositionOf(error) === 'retry' ? 'dropped' : 'answered'
}

/** For who has waited since then, of `performance.now()`, until the deadline, as its trail says. */
export function waitedForTurn(sinceMs: number, { msForOneMore }: Trail): Refusal {
  const waitedS = Math.round((performance.now() - sinceMs) / 1000)
  const seconds = retryAfterS(msForOneMore?.() ?? 0)
  return new Refusal(
    'query_deadline',
    `the query waited ${waitedS} s for its turn at the store, which is busy; retry in ${seconds} s`,
    { retryAfterS: seconds },
  )
}

interface Place {
  readonly store: StoreName
  readonly scheduler: Scheduler
  readonly metrics: ScheduleMetrics
}

interface Taken {
  readonly turn: Turn
  readonly waitedMs: number
}

async function takeTurn(
  { store, scheduler, metrics }: Place,
  asker: StoreAsker,
  cost: number,
): Promise<Taken> {
  const { tenant, isAlert, signal, trail } = asker
  const startMs = performance.now()
  const endWait = (): number => {
    const waitedMs = performance.now() - startMs
    trail.waitedMs += waitedMs
    return waitedMs
  }
  trail.msForOneMore = () => scheduler.msForOneMore({ tenant, isAlert })
  try {
    const turn = await scheduler.take({ tenant, group: groupOf(asker), cost, isAlert, signal })
    return { turn, waitedMs: endWait() }
  } catch (error) {
    metrics.waited(store, endWait())
    const late = signal.aborted && isDeadline(signal.reason)
    metrics.refused(store, late ? 'deadline' : signal.aborted ? 'client_left' : 'queue_full')
    if (!late) throw error
    throw waitedForTurn(startMs, trail)
  }
}

/** Which stores work on this machine, with all its cores: more at once than one for each core, and what is left to others beside one tenant and beside many, makes each slower and none sooner. */
export type IsLocal = Readonly<Record<StoreName, boolean>>

export interface AskingStores {
  readonly askStore: AskStore
  /** How the stores are asked just now. */
  readonly storeTurns: () => readonly StoreTurns[]
}

export function createAskStore(
  limits: ScheduleLimits,
  isLocal: IsLocal,
  registry: Registry,
): AskingStores {
  const concurrentOf = (store: StoreName): number =>
    isLocal[store] ? Math.min(limits.concurrent, availableParallelism() + 2) : limits.concurrent
  const schedulers = {
    metrics: new Scheduler({ ...limits, concurrent: concurrentOf('metrics') }),
    logs: new Scheduler({ ...limits, concurrent: concurrentOf('logs') }),
  }
  const metrics = measureSchedule(schedulers, registry)
  const askStore: AskStore = async (asker, question) => {
    const { store, cost, ask, isOverload } = question
    const { signal, trail } = asker
    const place = { store, scheduler: schedulers[store], metrics }
    const { turn, waitedMs } = await takeTurn(place, asker, cost)
    trail.isAsked = true
    trail.askedCost += cost
    const end = (outcome: Outcome): void => {
      if (outcome === 'dropped') metrics.dropped(store)
      turn.end(outcome)
    }
    // A store that ignores the signal keeps its turn until it is done: it is still at work.
    const answer = ask(signal)
    // Counted while the store is at work.
    metrics.waited(store, waitedMs)
    answer.then(
      (value) => end(isOverload?.(value) === true ? 'dropped' : 'answered'),
      (error: unknown) => end(outcomeOf(error, asker)),
    )
    return unlessAborted(answer, signal)
  }
  const storeTurns = () => [schedulers.metrics.tell('metrics'), schedulers.logs.tell('logs')]
  return { askStore, storeTurns }
}
