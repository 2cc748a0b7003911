import { DeficitRing, type Flow } from './deficit-ring.ts'
import { Drain } from './drain.ts'

export interface Waiter {
  readonly tenant: string
  /** Shares the tenant's turns with its other groups: a dashboard or a user. */
  readonly group: string
  readonly cost: number
  /** Its tenant had nothing running and nothing waiting when it came. */
  readonly isAlone: boolean
  readonly start: (turn: TurnKind) => void
}

/** `kept`: for those that ask little at a time. */
export type TurnKind = 'common' | 'kept'

class Group implements Flow {
  deficit = 0
  readonly queue: Waiter[] = []
  readonly name: string

  constructor(name: string) {
    this.name = name
  }

  nextCost(): number {
    return this.queue[0]?.cost ?? 1
  }
}

class Tenant implements Flow {
  deficit = 0
  waiting = 0
  readonly name: string
  readonly groups = new Map<string, Group>()
  readonly ring = new DeficitRing<Group>()
  readonly drain: Drain

  constructor(name: string, nowMs: number) {
    this.name = name
    this.drain = new Drain(nowMs)
  }

  nextCost(): number {
    return this.ring.peek()?.nextCost() ?? 1
  }
}

/** Who waits for so much less of its time than others did not make the queue: a burst, or little and often. */
const lighter = 0.1

/** Those that wait for a turn at one store: deficit round robin over tenants, and in each over its groups, by cost.
 *  Every second turn goes to the tenant that waits for the least part of its time or else to one who came alone, if there is any: who asks little at a time did not make the queue. */
export class Waiting {
  readonly #tenants = new Map<string, Tenant>()
  readonly #ring = new DeficitRing<Tenant>()
  readonly #alone = new Set<Waiter>()
  readonly #shareOf: (tenant: string) => number
  readonly #now: () => number
  #wasLight = false
  #size = 0
  #drain = new Drain(0)

  /** `shareOf`: for what part of its time a tenant has something waiting. */
  constructor(shareOf: (tenant: string) => number, now: () => number) {
    this.#shareOf = shareOf
    this.#now = now
  }

  get size(): number {
    return this.#size
  }

  of(tenant: string): number {
    return this.#tenants.get(tenant)?.waiting ?? 0
  }

  /** Until all that wait, or all of one tenant, have had their turn or left, at the pace of late, ms. */
  drainMs(tenant?: string): number {
    const nowMs = this.#now()
    if (tenant === undefined) return this.#drain.msFor(this.#size, nowMs)
    return this.#tenants.get(tenant)?.drain.msFor(this.of(tenant), nowMs) ?? 0
  }

  /** Until one more of the tenant would have had its turn, at the pace of late of what waits of it or, where nothing does, of all; ms. */
  msForOneMore(tenant: string): number {
    const nowMs = this.#now()
    const own = this.#tenants.get(tenant)
    if (own === undefined) return this.#drain.msFor(this.#size + 1, nowMs)
    return own.drain.msFor(own.waiting + 1, nowMs)
  }

  add(waiter: Waiter): void {
    if (this.#size === 0) this.#drain = new Drain(this.#now())
    const tenant = this.#tenantOf(waiter.tenant)
    let group = tenant.groups.get(waiter.group)
    if (group === undefined) {
      group = new Group(waiter.group)
      tenant.groups.set(waiter.group, group)
      tenant.ring.add(group)
    }
    group.queue.push(waiter)
    tenant.waiting++
    this.#size++
    if (waiter.isAlone) this.#alone.add(waiter)
  }

  /** Takes out whose turn it is, among tenants that may have one. */
  next(mayStart: (tenant: string) => boolean): Waiter | undefined {
    const waiter = this.#everySecondLight(mayStart) ?? this.#nextInTurn(mayStart)
    if (waiter !== undefined) this.remove(waiter)
    return waiter
  }

  /** Takes out one that did not make the queue, among tenants that may have a turn. */
  nextLight(mayStart: (tenant: string) => boolean): Waiter | undefined {
    const waiter = this.#ofLightest(mayStart)
    if (waiter !== undefined) this.remove(waiter)
    return waiter
  }

  /** One that waits no longer, for whatever reason. */
  remove(waiter: Waiter): void {
    const tenant = this.#tenants.get(waiter.tenant)
    const group = tenant?.groups.get(waiter.group)
    const at = group?.queue.indexOf(waiter) ?? -1
    if (tenant === undefined || group === undefined || at < 0) return
    group.queue.splice(at, 1)
    const nowMs = this.#now()
    for (const drain of [tenant.drain, this.#drain]) drain.freed(nowMs)
    this.#alone.delete(waiter)
    this.#size--
    tenant.waiting--
    if (group.queue.length === 0) {
      tenant.groups.delete(group.name)
      tenant.ring.remove(group)
    }
    if (tenant.waiting > 0) return
    this.#tenants.delete(tenant.name)
    this.#ring.remove(tenant)
  }

  #tenantOf(name: string): Tenant {
    const known = this.#tenants.get(name)
    if (known !== undefined) return known
    const tenant = new Tenant(name, this.#now())
    this.#tenants.set(name, tenant)
    this.#ring.add(tenant)
    return tenant
  }

  #everySecondLight(mayStart: (tenant: string) => boolean): Waiter | undefined {
    if (this.#wasLight) {
      this.#wasLight = false
      return undefined
    }
    const waiter = this.#ofLightest(mayStart) ?? this.#firstAlone(mayStart)
    this.#wasLight = waiter !== undefined
    return waiter
  }

  #firstAlone(mayStart: (tenant: string) => boolean): Waiter | undefined {
    for (const waiter of this.#alone) if (mayStart(waiter.tenant)) return waiter
    return undefined
  }

  /** Of the tenant that waits for the least part of its time, if others wait for more. */
  #ofLightest(mayStart: (tenant: string) => boolean): Waiter | undefined {
    let lightest: Tenant | undefined
    let least = Number.POSITIVE_INFINITY
    let most = 0
    for (const tenant of this.#tenants.values()) {
      const share = this.#shareOf(tenant.name)
      most = Math.max(most, share)
      if (share >= least || !mayStart(tenant.name)) continue
      lightest = tenant
      least = share
    }
    return least < most - lighter ? lightest?.ring.next(() => true)?.queue[0] : undefined
  }

  #nextInTurn(mayStart: (tenant: string) => boolean): Waiter | undefined {
    const tenant = this.#ring.next(({ name }) => mayStart(name))
    return tenant?.ring.next(() => true)?.queue[0]
  }
}
