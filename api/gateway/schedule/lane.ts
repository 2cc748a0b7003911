import { Refusal } from '../../http/refusal.ts'
import { Presence } from './presence.ts'
import { type Waiter, Waiting } from './waiting.ts'

export interface LaneLimits {
  /** At one time, in all. */
  readonly running: () => number
  readonly runningPerTenant: () => number
  readonly waiting: number
  readonly waitingPerTenant: number
}

/** What wants a turn. */
export interface Wish extends Pick<Waiter, 'tenant' | 'group' | 'cost'> {
  /** Ends the waiting; its reason is what is thrown. */
  readonly signal: AbortSignal
}

const retryAfterS = 5

/** Queries at one store: so many at one time, so many of them of one tenant; a burst waits, and only a full queue refuses. */
export class Lane {
  readonly #limits: LaneLimits
  readonly #running = new Map<string, number>()
  readonly #presence: Presence
  readonly #waiting: Waiting
  #total = 0

  constructor(limits: LaneLimits, now?: () => number) {
    this.#limits = limits
    this.#presence = new Presence(now)
    this.#waiting = new Waiting((tenant) => this.#presence.average(tenant))
  }

  get running(): number {
    return this.#total
  }

  get waiting(): number {
    return this.#waiting.size
  }

  /** Resolves with the end of the turn, safe to call twice. Throws `too_many_requests` when the queue is full, or the signal's reason when it fires first. */
  async take(wish: Wish): Promise<() => void> {
    const { tenant, signal } = wish
    signal.throwIfAborted()
    if (this.#waiting.of(tenant) === 0 && this.#mayStart(tenant)) {
      this.#presence.came(tenant)
      return this.#occupy(tenant)
    }
    this.#requireRoom(tenant)
    this.#presence.came(tenant)
    return this.#wait(wish)
  }

  /** Starts what may start now: the limits may have grown. */
  startWaiting(): void {
    while (this.#total < this.#limits.running()) {
      const next = this.#waiting.next((tenant) => this.#hasRoomOf(tenant))
      if (next === undefined) return
      next.start()
    }
  }

  #requireRoom(tenant: string): void {
    const { waiting, waitingPerTenant } = this.#limits
    const own = this.#waiting.of(tenant) >= waitingPerTenant
    if (!own && this.#waiting.size < waiting) return
    const who = own ? `${waitingPerTenant} queries of this tenant` : 'too many queries'
    throw new Refusal(
      'too_many_requests',
      `${who} are waiting for the store already; retry in ${retryAfterS} s`,
      { retryAfterS },
    )
  }

  #mayStart(tenant: string): boolean {
    return this.#total < this.#limits.running() && this.#hasRoomOf(tenant)
  }

  #hasRoomOf(tenant: string): boolean {
    return (this.#running.get(tenant) ?? 0) < this.#limits.runningPerTenant()
  }

  #occupy(tenant: string): () => void {
    this.#total++
    this.#running.set(tenant, (this.#running.get(tenant) ?? 0) + 1)
    let held = true
    return () => {
      if (held) this.#release(tenant)
      held = false
    }
  }

  #release(tenant: string): void {
    this.#presence.left(tenant)
    this.#total--
    const left = (this.#running.get(tenant) ?? 1) - 1
    if (left === 0) this.#running.delete(tenant)
    else this.#running.set(tenant, left)
    this.startWaiting()
  }

  #wait({ signal, ...wish }: Wish): Promise<() => void> {
    const { tenant } = wish
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#presence.left(tenant)
        this.#waiting.remove(waiter)
        reject(signal.reason)
      }
      const waiter: Waiter = {
        ...wish,
        isAlone: !this.#running.has(tenant) && this.#waiting.of(tenant) === 0,
        start: () => {
          signal.removeEventListener('abort', leave)
          resolve(this.#occupy(tenant))
        },
      }
      signal.addEventListener('abort', leave, { once: true })
      this.#waiting.add(waiter)
    })
  }
}
