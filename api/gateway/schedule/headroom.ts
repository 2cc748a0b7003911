import type { EventLoopUtilization } from 'node:perf_hooks'

/** So long after a tenant that asks little has asked, its next is awaited, ms. */
const awaitedMs = 1000
/** A query that has run for longer is none of those that follow each other as fast as the thread can send them, ms. */
const youngMs = 20
/** From this part of its time on the thread has more to do than to pass on what stores take long for, */
const passing = 0.3
/** and from this on who comes next waits for what is before it. */
const busy = 0.6
/** The longest rest between two queries, ms: the thread may be busy with something else. */
const mostRestMs = 5
const restMs = 1
/** The thread is looked at over one to two of these, ms. */
const lookMs = 20

/** The thread that passes queries on: what part of its time it was busy of late. */
export function watchThread(now: () => number = () => performance.now()): () => number {
  let older: EventLoopUtilization | undefined
  let newer: EventLoopUtilization | undefined
  let newerMs = Number.NEGATIVE_INFINITY
  return () => {
    const nowMs = now()
    if (nowMs - newerMs > lookMs) {
      older = nowMs - newerMs > 10 * lookMs ? undefined : newer
      newer = performance.eventLoopUtilization()
      newerMs = nowMs
    }
    // Just after a pause nothing is known.
    return older === undefined ? 0 : performance.eventLoopUtilization(older).utilization
  }
}

/** A query that is under way. */
export interface Begun {
  readonly ms: number
}

/**
 * Keeps some of the thread's time, and of the machine's, free while a tenant that asks little asks: floods of quick queries take all of it, and then each query waits for the thread behind
 * theirs on its way to the store and back, however soon it has its turn.
 */
export class Headroom {
  readonly #begun = new Set<Begun>()
  readonly #thread: () => number
  readonly #now: () => number
  #awaitedUntilMs = Number.NEGATIVE_INFINITY
  #changedMs = Number.NEGATIVE_INFINITY
  #timer: NodeJS.Timeout | undefined

  /** `thread`: what part of its time it was busy of late. */
  constructor(now: () => number = () => performance.now(), thread = watchThread(now)) {
    this.#now = now
    this.#thread = thread
  }

  /** A tenant that asks little has asked. */
  lightCame(): void {
    this.#awaitedUntilMs = this.#now() + awaitedMs
  }

  /** Of a query that has a common turn. */
  began(): Begun {
    const ms = this.#now()
    const begun = { ms }
    this.#begun.add(begun)
    this.#changedMs = ms
    return begun
  }

  ended(begun: Begun): void {
    this.#begun.delete(begun)
    this.#changedMs = this.#now()
  }

  /** Whether a query of a tenant that does not ask little is to wait for a moment, after which `again` is called. */
  isShort(again: () => void): boolean {
    const nowMs = this.#now()
    if (nowMs > this.#awaitedUntilMs) return false
    const used = this.#thread()
    const follows = used > passing && this.#hasYoung(nowMs)
    const rests = used > busy && nowMs - this.#changedMs < mostRestMs
    if (!follows && !rests) return false
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      again()
    }, restMs)
    return true
  }

  #hasYoung(nowMs: number): boolean {
    for (const { ms } of this.#begun) if (nowMs - ms < youngMs) return true
    return false
  }
}
