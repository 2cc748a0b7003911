import { RateLimiterMemory } from 'rate-limiter-flexible'

/** What was used of a window. */
export interface Count {
  readonly used: number
  /** Until the window ends. */
  readonly resetMs: number
  /** How many instances count apart: each grants its part. 1: they count together. */
  readonly parts: number
}

export interface WindowKey {
  readonly name: string
  readonly seconds: number
}

/** Counts in fixed windows, which begin with the first that is counted. */
export interface Counters {
  /** Whole numbers only; never rejects. */
  add(key: WindowKey, amount: number): Promise<Count>
  /** Takes back what turned out not to be used. */
  giveBack(key: WindowKey, amount: number): Promise<void>
}

/** The limits themselves are compared by who counts: they differ by tenant and change. */
export const noLimit = Number.MAX_SAFE_INTEGER

/** In this process; a window that is over takes no memory. */
export function createMemoryCounters(): Counters {
  const limiters = new Map<number, RateLimiterMemory>()
  const limiterOf = (seconds: number): RateLimiterMemory => {
    let limiter = limiters.get(seconds)
    if (limiter === undefined) {
      limiter = new RateLimiterMemory({
        keyPrefix: String(seconds),
        points: noLimit,
        duration: seconds,
      })
      limiters.set(seconds, limiter)
    }
    return limiter
  }
  return {
    add: async ({ name, seconds }, amount) => {
      const { consumedPoints, msBeforeNext } = await limiterOf(seconds).consume(name, amount)
      return { used: consumedPoints, resetMs: msBeforeNext, parts: 1 }
    },
    giveBack: async ({ name, seconds }, amount) => {
      await limiterOf(seconds).reward(name, amount)
    },
  }
}
