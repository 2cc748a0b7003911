import { Refusal } from '../../http/refusal.ts'
import type { Headroom } from './headroom.ts'
import { Presence } from './presence.ts'
import { retryAfterS } from './retry-after.ts'
import { type TurnKind, type Waiter, Waiting } from './waiting.ts'

export interface LaneLimits {
  /** At one time, in all. */
  readonly running: () => number
  /** Of tenants that ask little at a time, when all turns are taken: they do not wait for one to end, which is then not taken again before theirs is over. */
  readonly kept: () => number
  readonly runningPerTenant: () => number
  readonly waiting: number
  readonly waitingPerTenant: number
}

/** What wants a turn. */
export interface Wish extends Pick<Waiter, 'tenant' | 'group' | 'cost'> {
  /** Ends the waiting; its reason is what is thrown. */
  readonly signal: AbortSignal
}

/** A tenant that waits for a smaller part of the time asks little at a time. */
const light = 0.3
/** One that waits for most of it made the queue, also where nothing of it is under way just now: its next is about to come. */
const heavy = 0.6

/** Queries at one store: so many at one time, so many of them of one tenant; a burst waits, and only a full queue refuses. */
export class Lane {
  readonly #limits: LaneLimits
  readonly #running = new Map<string, number>()
  readonly #presence: Presence
  readonly #waiting: Waiting
  readonly #turns: Record<TurnKind, number> = { common: 0, kept: 0 }
  readonly #headroom: Headroom | undefined

  /** Without `headroom` nothing waits but for a turn. */
  constructor(
    limits: LaneLimits,
    now: () => number = () => performance.now(),
    headroom?: Headroom,
  ) {
    this.#limits = limits
    this.#headroom = headroom
    this.#presence = new Presence(now)
    this.#waiting = new Waiting((tenant) => this.#presence.share(tenant), now)
  }

  get running(): number {
    return this.#turns.common + this.#turns.kept
  }

  get waiting(): number {
    return this.#waiting.size
  }

  /** When one more of a tenant that waits, or has just left, would have had its turn, ms from now. */
  msForOneMore(tenant: string): number {
    return this.#waiting.msForOneMore(tenant)
  }

  /** Resolves with the end of the turn, safe to call twice. Throws `too_many_requests` when the queue is full, or the signal's reason when it fires first. */
  async take(wish: Wish): Promise<() => void> {
    const { tenant, signal } = wish
    signal.throwIfAborted()
    if (this.#asksLittle(tenant)) this.#headroom?.lightCame()
    const turn = this.#freeTurn(tenant)
    if (turn !== undefined) {
      this.#presence.came(tenant, false)
      return this.#occupy(tenant, turn)
    }
    this.#requireRoom(tenant)
    this.#presence.came(tenant, true)
    return this.#wait(wish)
  }

  /** Starts what may start now: the limits may have grown. */
  startWaiting(): void {
    const hasRoom = (tenant: string): boolean => this.#hasRoomOf(tenant)
    const { kept } = this.#limits
    const start = (turn: TurnKind, next: Waiter | undefined): boolean => {
      next?.start(turn)
      return next !== undefined
    }
    const mayKeep = (tenant: string): boolean => this.#isLight(tenant) && hasRoom(tenant)
    while (this.#turns.kept < kept() && start('kept', this.#waiting.nextLight(mayKeep)));
    const hasRoomOfLight = (tenant: string): boolean => this.#asksLittle(tenant) && hasRoom(tenant)
    const next = () => this.#waiting.next(this.#isShort() ? hasRoomOfLight : hasRoom)
    while (
      this.#waiting.size > 0 &&
      this.#turns.common < this.#mostCommon &&
      start('common', next())
    );
  }

  #isShort(): boolean {
    return this.#headroom?.isShort(this.#again) ?? false
  }

  readonly #again = (): void => this.startWaiting()

  #requireRoom(tenant: string): void {
    const { waiting, waitingPerTenant } = this.#limits
    const own = this.#waiting.of(tenant) >= waitingPerTenant
    if (!own && this.#waiting.size < waiting) return
    const who = own ? `${waitingPerTenant} queries of this tenant` : 'too many queries'
    const seconds = retryAfterS(this.#waiting.drainMs(own ? tenant : undefined))
    throw new Refusal(
      'too_many_requests',
      `${who} are waiting for the store already; retry in ${seconds} s`,
      { retryAfterS: seconds },
    )
  }

  /** For one that has just come; undefined: it has to wait. */
  #freeTurn(tenant: string): TurnKind | undefined {
    if (this.#waiting.of(tenant) > 0 || !this.#hasRoomOf(tenant)) return undefined
    if (this.#turns.common < this.#mostCommon && (this.#asksLittle(tenant) || !this.#isShort()))
      return 'common'
    return this.#turns.kept < this.#limits.kept() && this.#isLight(tenant) ? 'kept' : undefined
  }

  /** Asks little at a time, or has nothing at the store and is not known to ask much. */
  #isLight(tenant: string): boolean {
    return this.#presence.share(tenant) < (this.#running.has(tenant) ? light : heavy)
  }

  #asksLittle(tenant: string): boolean {
    return this.#presence.share(tenant) < light
  }

  get #mostCommon(): number {
    return Math.max(1, this.#limits.running() - this.#turns.kept)
  }

  #hasRoomOf(tenant: string): boolean {
    return (this.#running.get(tenant) ?? 0) < this.#limits.runningPerTenant()
  }

  #occupy(tenant: string, turn: TurnKind): () => void {
    this.#turns[turn]++
    this.#running.set(tenant, (this.#running.get(tenant) ?? 0) + 1)
    const begun = turn === 'common' ? this.#headroom?.began() : undefined
    let held = true
    return () => {
      if (held && begun !== undefined) this.#headroom?.ended(begun)
      if (held) this.#release(tenant, turn)
      held = false
    }
  }

  #release(tenant: string, turn: TurnKind): void {
    this.#turns[turn]--
    const left = (this.#running.get(tenant) ?? 1) - 1
    if (left === 0) this.#running.delete(tenant)
    else this.#running.set(tenant, left)
    this.startWaiting()
  }

  #wait({ signal, ...wish }: Wish): Promise<() => void> {
    const { tenant } = wish
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#presence.waitsNoMore(tenant)
        this.#waiting.remove(waiter)
        reject(signal.reason)
      }
      const waiter: Waiter = {
        ...wish,
        isAlone: !this.#running.has(tenant) && this.#waiting.of(tenant) === 0,
        start: (turn) => {
          this.#presence.waitsNoMore(tenant)
          signal.removeEventListener('abort', leave)
          resolve(this.#occupy(tenant, turn))
        },
      }
      signal.addEventListener('abort', leave, { once: true })
      this.#waiting.add(waiter)
    })
  }
}
