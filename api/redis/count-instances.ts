import { randomUUID } from 'node:crypto'
import type { Redis } from './open-redis.ts'

const key = 'warren:api:instances'
const everyMs = 2000
/** One that has said nothing for so long is gone. */
const goneMs = 15_000

export interface Instances {
  /** As Redis last knew, this one included; at least 1. */
  count(): number
  stop(): void
}

/** Tells Redis every two seconds that this instance is there, and learns how many are. What was last known holds while Redis is away. */
export function countInstances(redis: Redis): Instances {
  const id = randomUUID()
  let known = { count: 1, atMs: 0 }
  /** A Redis that has restarted knows only those that have told it since: fewer are believed once the others had time to. */
  const learn = (count: number, nowMs: number): void => {
    if (count >= known.count || nowMs - known.atMs > goneMs) known = { count, atMs: nowMs }
  }
  const beat = async (): Promise<void> => {
    if (!redis.isReady()) return
    const nowMs = Date.now()
    const [, , count] = await redis.client
      .multi()
      .zAdd(key, { score: nowMs, value: id })
      .zRemRangeByScore(key, '-inf', nowMs - goneMs)
      .zCard(key)
      .exec()
    learn(Math.max(1, Number(count)), nowMs)
  }
  // A failure is the connection's, which tells it.
  const beatOn = () => void beat().catch(() => undefined)
  beatOn()
  redis.client.on('ready', beatOn)
  const timer = setInterval(beatOn, everyMs)
  timer.unref()
  return {
    count: () => known.count,
    stop: () => {
      clearInterval(timer)
      redis.client.off('ready', beatOn)
    },
  }
}
