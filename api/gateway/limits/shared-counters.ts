import { withDeadline } from '@warren/platform/deadline'
import { RateLimiterRedis } from 'rate-limiter-flexible'
import type { Redis } from '../../redis/open-redis.ts'
import { type Counters, createMemoryCounters, noLimit } from './counters.ts'

/** A query waits no longer for a count. */
const answerMs = 250
/** After a failure nobody asks for so long: each query would wait in vain. */
const pauseMs = 1000

export interface SharedCounterOptions {
  readonly redis: Redis
  /** Instances that were there when Redis was last asked, this one included. */
  readonly instances: () => number
  readonly now?: () => number
}

/** Counts in Redis, for all instances together; while it is away each counts by itself and grants its part. */
export function createSharedCounters({
  redis,
  instances,
  now = Date.now,
}: SharedCounterOptions): Counters {
  const local = createMemoryCounters()
  const limiters = new Map<number, RateLimiterRedis>()
  let pausedUntilMs = Number.NEGATIVE_INFINITY

  function limiterOf(seconds: number): RateLimiterRedis {
    let limiter = limiters.get(seconds)
    if (limiter === undefined) {
      const keyPrefix = `warren:limit:${seconds}`
      limiter = new RateLimiterRedis({
        ...{ storeClient: redis.client, useRedisPackage: true, rejectIfRedisNotReady: true },
        ...{ keyPrefix, points: noLimit, duration: seconds },
      })
      limiters.set(seconds, limiter)
    }
    return limiter
  }

  /** Undefined when there is no answer in time. */
  async function ask<Value>(question: () => Promise<Value>): Promise<Value | undefined> {
    if (!redis.isReady() || now() < pausedUntilMs) return undefined
    try {
      return await withDeadline(question(), { ms: answerMs, what: 'counting in Redis' })
    } catch {
      // Told by the connection, once; here it only matters that the count is our own.
      pausedUntilMs = now() + pauseMs
      return undefined
    }
  }

  return {
    add: async (key, amount) => {
      const shared = await ask(() => limiterOf(key.seconds).consume(key.name, amount))
      if (shared === undefined) return { ...(await local.add(key, amount)), parts: instances() }
      return { used: shared.consumedPoints, resetMs: shared.msBeforeNext, parts: 1 }
    },
    giveBack: async (key, amount) => {
      const given = await ask(() => limiterOf(key.seconds).reward(key.name, amount))
      if (given === undefined) await local.giveBack(key, amount)
    },
  }
}
