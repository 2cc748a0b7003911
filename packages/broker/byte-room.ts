import { brokerError } from './errors.ts'

export interface ByteRoomOptions {
  readonly maxBytes: number
  /** Takers that may wait at once; one more is refused. */
  readonly maxWaiting: number
}

/** A bounded number of bytes, given out in the order of asking. */
export interface ByteRoom {
  /** Resolves when the bytes fit (a single item larger than the room fits an empty one); rejects with `backpressure` after `waitMs` or when too many wait. */
  take(bytes: number, waitMs: number): Promise<void>
  give(bytes: number): void
  /** Rejects everyone who waits. */
  clear(reason: Error): void
  readonly usedBytes: number
}

interface Waiter {
  readonly bytes: number
  readonly resolve: () => void
  readonly reject: (reason: Error) => void
}

export function createByteRoom({ maxBytes, maxWaiting }: ByteRoomOptions): ByteRoom {
  const waiters = new Set<Waiter>()
  let used = 0

  const fits = (bytes: number) => used === 0 || used + bytes <= maxBytes
  const admit = () => {
    for (const waiter of waiters) {
      if (!fits(waiter.bytes)) return
      waiters.delete(waiter)
      used += waiter.bytes
      waiter.resolve()
    }
  }
  const wait = (bytes: number, waitMs: number) =>
    new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        waiters.delete(waiter)
        reject(brokerError('backpressure', `no room to send within ${waitMs} ms`))
        admit()
      }, waitMs)
      const waiter: Waiter = {
        bytes,
        resolve: () => {
          clearTimeout(timer)
          resolve()
        },
        reject: (reason) => {
          clearTimeout(timer)
          reject(reason)
        },
      }
      waiters.add(waiter)
    })

  return {
    take: async (bytes, waitMs) => {
      if (waiters.size === 0 && fits(bytes)) {
        used += bytes
        return
      }
      if (waiters.size >= maxWaiting)
        throw brokerError('backpressure', `${waiters.size} messages wait to be sent already`)
      await wait(bytes, waitMs)
    },
    give: (bytes) => {
      used -= bytes
      admit()
    },
    clear: (reason) => {
      const rejected = [...waiters]
      waiters.clear()
      for (const waiter of rejected) waiter.reject(reason)
    },
    get usedBytes() {
      return used
    },
  }
}
