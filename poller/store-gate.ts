import { type BackoffOptions, backoffMs } from '@warren/platform/backoff'
import { dispositionOf, WarrenError } from '@warren/platform/errors'
import { type Aimd, createAimd } from './aimd.ts'

/** `closed` lets writes through; `open` none until a pause is over; `half_open` a single one, whose outcome decides. */
export type CircuitState = 'closed' | 'open' | 'half_open'

export interface StoreGateOptions {
  /** Writes at once, at most. */
  readonly maxSlots: number
  /** Pauses of the open circuit; a store's own Retry-After may be longer. */
  readonly pause: BackoffOptions
  readonly onChange: (state: CircuitState, pauseMs: number) => void
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number
}

/** What stands before one store: how many writes at once, how large, and none while it is away. */
export interface StoreGate {
  /** Runs the attempt once the store may be asked; rejects as the attempt does, or with the signal's reason while it waits. */
  write<Result>(attempt: () => Promise<Result>, signal: AbortSignal): Promise<Result>
  readonly state: CircuitState
  /** Writes that failed since the last one that did not. */
  readonly failures: number
  /** Writes at once that the store is trusted with now. */
  readonly slots: number
  /** The part of a full batch that it is trusted with now: above 0, at most 1. */
  readonly share: number
  /** Since when the oldest write under way has had no answer, milliseconds. */
  readonly oldestMs: number
}

/** Failures in a row, of whatever tenant, that open the circuit. */
const maxFailures = 3
/** An answer that takes longer says that the batch is too large for the store as it is now. */
const slowMs = 2000
const minShare = 1 / 64
const shareStep = 1 / 16
/** A proxy may ask for a day; the operator who has mended the store shall not wait for it. */
const maxRetryAfterMs = 300_000

/** A write under way. */
interface Slot {
  readonly startedMs: number
}

type Waiter = (slot: Slot) => void

function createState(options: StoreGateOptions) {
  return {
    ...options,
    now: options.now ?? (() => performance.now()),
    slots: createAimd({ min: 1, max: options.maxSlots }),
    share: createAimd({ min: minShare, max: 1 }),
    waiters: new Set<Waiter>(),
    taken: new Set<Slot>(),
    circuit: 'closed' as CircuitState,
    failures: 0,
    /** Pauses since the circuit was last closed. */
    pauses: 0,
    shrunkAt: Number.NEGATIVE_INFINITY,
    opening: 0,
  }
}
type State = ReturnType<typeof createState>

const freeSlots = ({ circuit, slots, taken }: State): number => {
  if (circuit === 'open') return 0
  return (circuit === 'half_open' ? 1 : Math.floor(slots.value)) - taken.size
}

function take(state: State): Slot {
  const slot = { startedMs: state.now() }
  state.taken.add(slot)
  return slot
}

function admit(state: State): void {
  for (const waiter of state.waiters) {
    if (freeSlots(state) <= 0) return
    state.waiters.delete(waiter)
    waiter(take(state))
  }
}

function setCircuit(state: State, circuit: CircuitState, pauseMs = 0): void {
  if (circuit === state.circuit && circuit !== 'open') return
  state.circuit = circuit
  state.onChange(circuit, pauseMs)
}

function openCircuit(state: State, retryAfterMs: number): void {
  const pauseMs = Math.max(
    Math.min(retryAfterMs, maxRetryAfterMs),
    backoffMs(state.pauses, state.pause),
  )
  state.pauses += 1
  state.opening += 1
  const { opening } = state
  setCircuit(state, 'open', pauseMs)
  setTimeout(() => {
    // Another answer may have opened it again, for longer.
    if (opening !== state.opening || state.circuit !== 'open') return
    setCircuit(state, 'half_open')
    admit(state)
  }, pauseMs).unref()
}

/** Once for all the writes that were under way together. */
function shrink(state: State, startedMs: number): void {
  if (startedMs < state.shrunkAt) return
  state.shrunkAt = state.now()
  state.slots.halve()
  state.share.halve()
}

const growSlots = (slots: Aimd): void => slots.grow(1 / slots.value)

function answered(state: State, startedMs: number): void {
  state.failures = 0
  if (state.now() - startedMs > slowMs) shrink(state, startedMs)
  else {
    growSlots(state.slots)
    state.share.grow(shareStep)
  }
  if (state.circuit !== 'half_open') return
  state.pauses = 0
  setCircuit(state, 'closed')
}

function failed(state: State, startedMs: number, error: unknown): void {
  state.failures += 1
  shrink(state, startedMs)
  const retryAfterMs = error instanceof WarrenError ? error.retryAfterMs : undefined
  const again = state.circuit === 'half_open'
  if (again || retryAfterMs !== undefined || state.failures >= maxFailures)
    openCircuit(state, retryAfterMs ?? 0)
}

function enter(state: State, signal: AbortSignal): Promise<Slot> {
  if (state.waiters.size === 0 && freeSlots(state) > 0) return Promise.resolve(take(state))
  return new Promise((resolve, reject) => {
    const leave = () => {
      state.waiters.delete(waiter)
      reject(signal.reason)
    }
    const waiter: Waiter = (slot) => {
      signal.removeEventListener('abort', leave)
      resolve(slot)
    }
    state.waiters.add(waiter)
    signal.addEventListener('abort', leave, { once: true })
  })
}

/** A circuit breaker that makes callers wait instead of failing them, and additive increase, multiplicative decrease of concurrency and batch size:
 *  1. Every answer, a refusal of the batch too, counts as life: a little more is tried next.
 *  2. A failure, or an answer that took long, halves both, once for the writes that were under way together.
 *  3. Three failures in a row, or one with Retry-After, open the circuit: nothing is sent until the pause is over.
 *  4. Then one write is tried; it closes the circuit, or opens it for longer. */
export function createStoreGate(options: StoreGateOptions): StoreGate {
  const state = createState(options)
  return {
    write: async (attempt, signal) => {
      signal.throwIfAborted()
      const slot = await enter(state, signal)
      try {
        const result = await attempt()
        answered(state, slot.startedMs)
        return result
      } catch (error) {
        if (dispositionOf(error) === 'retry') failed(state, slot.startedMs, error)
        else answered(state, slot.startedMs)
        throw error
      } finally {
        state.taken.delete(slot)
        admit(state)
      }
    },
    get state() {
      return state.circuit
    },
    get failures() {
      return state.failures
    },
    get slots() {
      return Math.floor(state.slots.value)
    },
    get share() {
      return state.share.value
    },
    get oldestMs() {
      const [oldest] = state.taken
      return oldest === undefined ? 0 : state.now() - oldest.startedMs
    },
  }
}
