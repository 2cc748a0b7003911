import type { StoreTurns } from '@warren/contracts/http/query-insights'
import { Headroom } from './headroom.ts'
import { Lane, type Wish } from './lane.ts'
import { StoreLimit } from './store-limit.ts'
import { Worth } from './worth/worth.ts'

export interface ScheduleLimits {
  /** Queries at each store at one time. */
  readonly concurrent: number
  readonly concurrentPerTenant: number
  readonly queued: number
  readonly queuedPerTenant: number
  /** Of alert rules, beside all others. */
  readonly concurrentAlertsPerTenant: number
}

export interface LanedWish extends Wish {
  readonly isAlert: boolean
}

export type Outcome = 'answered' | 'dropped' | 'left'

export interface Turn {
  readonly waitedMs: number
  /** Safe to call twice: the first counts. */
  end(outcome: Outcome): void
}

/** Alert rules have a lane of their own, this part of the store's limit, beside what others ask: a full store delays them no more than it delays one query. */
const alertShare = 0.25

/** One turn of several is for those that ask little at a time, so that many tenants together do not take all. */
const keptOf = (limit: number): number => (limit > 1 ? 1 : 0)

/** Turns at one store. */
export class Scheduler {
  readonly #most: number
  readonly #failing: StoreLimit
  readonly #worth: Worth
  readonly #others: Lane
  readonly #alerts: Lane

  constructor(limits: ScheduleLimits) {
    const { concurrent, concurrentPerTenant, queued, queuedPerTenant } = limits
    this.#most = concurrent
    this.#failing = new StoreLimit({ least: 1, most: concurrent })
    this.#worth = new Worth(concurrent - keptOf(concurrent))
    const queues = { waiting: queued, waitingPerTenant: queuedPerTenant }
    const others = {
      ...queues,
      running: () => this.#common,
      kept: () => this.#kept,
      // One tenant alone never takes all: another one finds room at once.
      runningPerTenant: () => Math.max(1, Math.min(concurrentPerTenant, this.#common - 1)),
    }
    this.#others = new Lane(others, undefined, new Headroom())
    this.#alerts = new Lane({
      ...queues,
      running: () => Math.ceil(this.limit * alertShare),
      kept: () => 0,
      runningPerTenant: () => limits.concurrentAlertsPerTenant,
    })
  }

  /** What the store is asked at once just now, alert rules aside. */
  get limit(): number {
    return this.#common + this.#kept
  }

  /** What was found to be worth asking it at once, as long as it does not fail. */
  get found(): number {
    return this.#worth.found + keptOf(this.#most)
  }

  get running(): number {
    return this.#others.running + this.#alerts.running
  }

  get waiting(): number {
    return this.#others.waiting + this.#alerts.waiting
  }

  get #kept(): number {
    return keptOf(this.#failing.value)
  }

  get #common(): number {
    return Math.max(1, Math.min(this.#worth.turns, this.#failing.value - this.#kept))
  }

  tell(store: StoreTurns['store']): StoreTurns {
    const { limit, found, running, waiting } = this
    return { store, limit, found, most: this.#most, running, waiting }
  }

  /** As `Lane.msForOneMore`. */
  msForOneMore({ tenant, isAlert }: Pick<LanedWish, 'tenant' | 'isAlert'>): number {
    return this.#laneOf(isAlert).msForOneMore(tenant)
  }

  /** Throws as `Lane.take` does. */
  async take(wish: LanedWish): Promise<Turn> {
    const startMs = performance.now()
    const lane = this.#laneOf(wish.isAlert)
    const release = await lane.take(wish)
    const beginMs = performance.now()
    // What runs when nobody waits says nothing about the limit.
    const slice =
      lane === this.#others && lane.waiting > 0 ? this.#worth.began(this.running) : undefined
    let isOver = false
    return {
      waitedMs: beginMs - startMs,
      end: (outcome) => {
        if (isOver) return
        isOver = true
        if (outcome === 'answered') slice?.took(wish.cost, performance.now() - beginMs)
        this.#learn(outcome)
        release()
        this.#others.startWaiting()
        this.#alerts.startWaiting()
      },
    }
  }

  #laneOf(isAlert: boolean): Lane {
    return isAlert ? this.#alerts : this.#others
  }

  #learn(outcome: Outcome): void {
    if (outcome === 'answered') this.#failing.answered(this.running)
    if (outcome === 'dropped') this.#failing.dropped(this.limit)
  }
}
