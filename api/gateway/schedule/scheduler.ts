import { Lane, type Wish } from './lane.ts'
import { StoreLimit } from './store-limit.ts'

export interface ScheduleLimits {
  /** Queries at each store at one time. */
  readonly concurrent: number
  readonly concurrentPerTenant: number
  readonly queued: number
  readonly queuedPerTenant: number
  /** Of alert rules, beside all others. */
  readonly concurrentAlertsPerTenant: number
}

export type Outcome = 'answered' | 'dropped' | 'left'

export interface Turn {
  readonly waitedMs: number
  /** Safe to call twice: the first counts. */
  end(outcome: Outcome): void
}

/** Alert rules have a lane of their own, this part of the store's limit, beside what others ask: a full store delays them no more than it delays one query. */
const alertShare = 0.25

/** Turns at one store. */
export class Scheduler {
  readonly #limit: StoreLimit
  readonly #others: Lane
  readonly #alerts: Lane

  constructor(limits: ScheduleLimits) {
    const { concurrent, concurrentPerTenant, queued, queuedPerTenant } = limits
    const limit = new StoreLimit({ least: 1, most: concurrent })
    this.#limit = limit
    const queues = { waiting: queued, waitingPerTenant: queuedPerTenant }
    this.#others = new Lane({
      ...queues,
      running: () => limit.value,
      // One tenant alone never takes all: another one finds room at once.
      runningPerTenant: () => Math.max(1, Math.min(concurrentPerTenant, limit.value - 1)),
    })
    this.#alerts = new Lane({
      ...queues,
      running: () => Math.ceil(limit.value * alertShare),
      runningPerTenant: () => limits.concurrentAlertsPerTenant,
    })
  }

  get limit(): number {
    return this.#limit.value
  }

  get running(): number {
    return this.#others.running + this.#alerts.running
  }

  get waiting(): number {
    return this.#others.waiting + this.#alerts.waiting
  }

  /** Throws as `Lane.take` does. */
  async take(wish: Wish & { readonly isAlert: boolean }): Promise<Turn> {
    const startMs = performance.now()
    const lane = wish.isAlert ? this.#alerts : this.#others
    const release = await lane.take(wish)
    const waitedMs = performance.now() - startMs
    let isOver = false
    return {
      waitedMs,
      end: (outcome) => {
        if (isOver) return
        isOver = true
        this.#learn(outcome)
        release()
        this.#others.startWaiting()
        this.#alerts.startWaiting()
      },
    }
  }

  #learn(outcome: Outcome): void {
    if (outcome === 'answered') this.#limit.answered(this.running)
    if (outcome === 'dropped') this.#limit.dropped()
  }
}
