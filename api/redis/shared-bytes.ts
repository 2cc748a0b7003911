import { withDeadline } from '@warren/platform/deadline'
import type { Redis } from './open-redis.ts'

/** A question waits no longer: the store mostly takes longer than that, but not much. */
const answerMs = 20
/** After so many failures in a row nobody asks for a while. */
const mostFailures = 3
const firstPauseMs = 1000
const longestPauseMs = 30_000
/** Of what is being sent; more, and it is not shared. */
const mostPendingBytes = 8 * 1024 ** 2

/** What became of a look or a write. */
export type SharedOutcome = 'hit' | 'miss' | 'failed' | 'skipped' | 'stored'

/** Bytes under keys, which any instance may have put there and Redis may have dropped. Neither waits for a Redis that is away or slow, nor throws. */
export interface SharedBytes {
  get(key: string): Promise<Buffer | undefined>
  /** In the background. */
  put(key: string, bytes: Buffer, ttlMs: number): void
}

export interface SharedBytesOptions {
  readonly redis: Redis
  readonly onOutcome: (outcome: SharedOutcome) => void
  readonly now?: () => number
}

/** Lets nobody ask for a while that doubles, after failures in a row. */
class Breaker {
  readonly #now: () => number
  #failures = 0
  #pauseMs = firstPauseMs
  #untilMs = Number.NEGATIVE_INFINITY

  constructor(now: () => number) {
    this.#now = now
  }

  get isOpen(): boolean {
    return this.#now() < this.#untilMs
  }

  succeeded(): void {
    this.#failures = 0
    this.#pauseMs = firstPauseMs
  }

  failed(): void {
    this.#failures += 1
    if (this.#failures < mostFailures || this.isOpen) return
    // One more failure and it pauses again, for longer.
    this.#failures = mostFailures - 1
    this.#untilMs = this.#now() + this.#pauseMs
    this.#pauseMs = Math.min(longestPauseMs, 2 * this.#pauseMs)
  }
}

export async function openSharedBytes(options: SharedBytesOptions): Promise<SharedBytes> {
  const { redis, onOutcome, now = Date.now } = options
  // Loaded with the first Redis, as the client is.
  const { RESP_TYPES } = await import('@redis/client')
  const client = redis.client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer })
  const breaker = new Breaker(now)
  let pendingBytes = 0

  const mayAsk = (): boolean => redis.isReady() && !breaker.isOpen

  async function attempt<Value>(question: Promise<Value>, ms: number): Promise<Value | undefined> {
    try {
      const value = await withDeadline(question, { ms, what: 'a look into Redis' })
      breaker.succeeded()
      return value
    } catch {
      // Told by the connection, once; here it only matters that the store is asked.
      breaker.failed()
      return undefined
    }
  }

  return {
    get: async (key) => {
      if (!mayAsk()) {
        onOutcome('skipped')
        return undefined
      }
      const found = await attempt(client.get(key), answerMs)
      onOutcome(found === undefined ? 'failed' : found === null ? 'miss' : 'hit')
      return found ?? undefined
    },
    put: (key, bytes, ttlMs) => {
      if (!mayAsk() || pendingBytes + bytes.length > mostPendingBytes) {
        onOutcome('skipped')
        return
      }
      pendingBytes += bytes.length
      const expiration = { type: 'PX', value: Math.ceil(ttlMs) } as const
      const sent = client.set(key, bytes, { expiration })
      // Its bytes are in the client's hands until it is answered or has failed, however late it is.
      const done = () => {
        pendingBytes -= bytes.length
      }
      sent.then(done, done)
      void attempt(sent, 10 * answerMs).then((stored) =>
        onOutcome(stored === undefined ? 'failed' : 'stored'),
      )
    },
  }
}
