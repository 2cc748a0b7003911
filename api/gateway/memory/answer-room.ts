import { Drain } from '../schedule/drain.ts'
import { Garbage } from './garbage.ts'
import { RoomShare, type ShareOptions, type ShareRoom } from './room-share.ts'

/** Answers up to so many bytes wait for nobody: a panel's is a tenth of it. */
const smallBytes = 256 * 1024
/** Of the memory, beside it, for those. */
const smallPart = 1 / 8
/** Of the memory, what all but the oldest that is being read may have: so that the oldest never waits for those which wait for it. */
const othersPart = 1 / 2

interface Waiting {
  readonly share: RoomShare
  readonly bytes: number
  readonly start: () => void
}

/** Memory for answers that are on their way from a store to who asked. */
export interface AnswerRoom {
  /** Of nothing yet. */
  open(options: ShareOptions): RoomShare
  /** Taken now. */
  readonly bytes: number
  readonly waiting: number
}

/**
 * Answers take their part before they are read, and give it back when they have been sent; who finds no room waits in the order in which answers were begun:
 * 1. what is small has a part of its own;
 * 2. who is alone may have anything, so that every answer that may be sent at all can be;
 * 3. the oldest that is being read may fill the room, all others half of it;
 * 4. where all that are being read wait for each other, the oldest goes on.
 */
export class Room implements AnswerRoom, ShareRoom {
  readonly #maxBytes: number
  readonly #garbage: Garbage
  /** Of shares that have something, in the order in which they began. */
  readonly #holders = new Set<RoomShare>()
  readonly #waiting = new Set<Waiting>()
  readonly #now: () => number
  #drain: Drain
  #bytes = 0

  constructor(
    maxBytes: number,
    garbage = new Garbage(maxBytes / 2),
    now = () => performance.now(),
  ) {
    this.#maxBytes = maxBytes
    this.#garbage = garbage
    this.#now = now
    this.#drain = new Drain(now())
  }

  get bytes(): number {
    return this.#bytes
  }

  get waiting(): number {
    return this.#waiting.size
  }

  open(options: ShareOptions): RoomShare {
    return new RoomShare(this, options)
  }

  /** While some wait, or just after: until one more would have got what it waits for, at the pace of late, ms. */
  msForOneMore(): number {
    return this.#drain.msFor(this.#waiting.size + 1, this.#now())
  }

  /** Of the share, so many bytes more; `undefined`: they are its own. */
  take(share: RoomShare, bytes: number): Promise<void> | undefined {
    if (this.#mayTake(share, bytes)) {
      this.#give(share, bytes)
      return undefined
    }
    return this.#wait(share, bytes)
  }

  /** Some of what the share had. */
  giveBack(share: RoomShare, bytes: number): void {
    this.#bytes -= bytes
    this.#garbage.left(bytes, share.bytes + bytes)
    if (share.bytes === 0 && !this.#isWaiting(share)) this.#holders.delete(share)
    this.serve()
  }

  /** Lets those go on who may now. */
  serve(): void {
    if (this.#waiting.size === 0) return
    let isBlocked = false
    for (const waiting of this.#inOrder()) {
      const { share, bytes } = waiting
      if (isBlocked && !this.#isSmall(share, bytes)) continue
      if (this.#mayTake(share, bytes)) {
        this.#leave(waiting)
        this.#give(share, bytes)
        waiting.start()
      } else isBlocked = true
    }
  }

  #give(share: RoomShare, bytes: number): void {
    this.#bytes += bytes
    share.bytes += bytes
    this.#holders.add(share)
  }

  #wait(share: RoomShare, bytes: number): Promise<void> {
    const { signal } = share
    if (signal.aborted) return Promise.reject(signal.reason)
    // Even where it has nothing yet it has its place among those that began.
    this.#holders.add(share)
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#leave(waiting)
        if (share.bytes === 0) this.#holders.delete(share)
        reject(signal.reason)
        this.serve()
      }
      const start = (): void => {
        signal.removeEventListener('abort', leave)
        resolve()
      }
      const waiting: Waiting = { share, bytes, start }
      signal.addEventListener('abort', leave, { once: true })
      if (this.#waiting.size === 0) this.#drain = new Drain(this.#now())
      this.#waiting.add(waiting)
      // Who waits may be what all others wait for.
      this.serve()
    })
  }

  #leave(waiting: Waiting): void {
    this.#waiting.delete(waiting)
    this.#drain.freed(this.#now())
  }

  /** Those whose answers were begun first come first. */
  #inOrder(): readonly Waiting[] {
    const places = new Map([...this.#holders].map((share, place) => [share, place]))
    const placeOf = ({ share }: Waiting): number => places.get(share) ?? places.size
    return [...this.#waiting].sort((a, b) => placeOf(a) - placeOf(b))
  }

  #isWaiting(share: RoomShare): boolean {
    for (const waiting of this.#waiting) if (waiting.share === share) return true
    return false
  }

  #isSmall(share: RoomShare, bytes: number): boolean {
    return share.bytes + bytes <= smallBytes
  }

  #mayTake(share: RoomShare, bytes: number): boolean {
    const after = this.#bytes + bytes
    if (this.#isSmall(share, bytes)) return after <= this.#maxBytes * (1 + smallPart)
    if (this.#bytes === share.bytes) return true
    const oldest = this.#oldestRead()
    if (share === oldest) return after <= this.#maxBytes || this.#isStuck()
    return after - (oldest?.bytes ?? 0) <= this.#maxBytes * othersPart && after <= this.#maxBytes
  }

  #oldestRead(): RoomShare | undefined {
    for (const share of this.#holders) if (!share.isSent) return share
    return undefined
  }

  /** Nobody who has something will give it back before somebody else does. */
  #isStuck(): boolean {
    for (const share of this.#holders) if (share.isSent || !this.#isWaiting(share)) return false
    return true
  }
}
