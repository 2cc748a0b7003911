import { Refusal } from '../http/refusal.ts'

export interface SlotLimits {
  readonly concurrent: number
  readonly concurrentPerTenant: number
  readonly queuedPerTenant: number
}

interface Waiter {
  readonly tenant: string
  readonly start: () => void
}

/** Slots at the stores: so many at one time, so many of them for one tenant; a burst waits, in order, and only a full queue refuses. */
export class QuerySlots {
  readonly #limits: SlotLimits
  readonly #running = new Map<string, number>()
  readonly #queue: Waiter[] = []
  #total = 0

  constructor(limits: SlotLimits) {
    this.#limits = limits
  }

  get running(): number {
    return this.#total
  }

  get waiting(): number {
    return this.#queue.length
  }

  /** Resolves with the slot's release, safe to call twice. Throws `too_many_requests` when the tenant's queue is full, or the signal's reason when it fires first. */
  async take(tenant: string, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted()
    if (this.#mayStart(tenant)) return this.#occupy(tenant)
    const { queuedPerTenant } = this.#limits
    if (this.#queue.filter((waiter) => waiter.tenant === tenant).length >= queuedPerTenant)
      throw new Refusal(
        'too_many_requests',
        `${queuedPerTenant} queries of this tenant are waiting already; retry in 5 s`,
        { retryAfterS: 5 },
      )
    return this.#wait(tenant, signal)
  }

  #mayStart(tenant: string): boolean {
    const { concurrent, concurrentPerTenant } = this.#limits
    return this.#total < concurrent && (this.#running.get(tenant) ?? 0) < concurrentPerTenant
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
    this.#total--
    const left = (this.#running.get(tenant) ?? 1) - 1
    if (left === 0) this.#running.delete(tenant)
    else this.#running.set(tenant, left)
    const next = this.#queue.findIndex((waiter) => this.#mayStart(waiter.tenant))
    if (next >= 0) this.#queue.splice(next, 1)[0]?.start()
  }

  #wait(tenant: string, signal: AbortSignal): Promise<() => void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#queue.splice(this.#queue.indexOf(waiter), 1)
        reject(signal.reason)
      }
      const waiter: Waiter = {
        tenant,
        start: () => {
          signal.removeEventListener('abort', leave)
          resolve(this.#occupy(tenant))
        },
      }
      signal.addEventListener('abort', leave, { once: true })
      this.#queue.push(waiter)
    })
  }
}
