import { reasonOf } from '@warren/platform/errors'
import type { Log } from '@warren/platform/log'
import type { Secret } from '@warren/platform/secret'

const connectMs = 2000
/** Idle so long, it is taken for lost: who uses it says something every few seconds. */
const silentMs = 10_000
const longestPauseMs = 2000
const warnEveryMs = 60_000

/** What several instances of the api share. It may be away at any time. */
export interface Redis {
  /** Of `@redis/client`; a command while it is away fails at once. */
  readonly client: RedisClient
  isReady(): boolean
  close(): void
}

export type RedisClient = Awaited<ReturnType<typeof createRedisClient>>

/** The client is loaded here: an api alone does without. */
async function createRedisClient(url: string) {
  const { createClient } = await import('@redis/client')
  return createClient({
    url,
    disableOfflineQueue: true,
    socket: {
      connectTimeout: connectMs,
      socketTimeout: silentMs,
      reconnectStrategy: (retries) =>
        Math.min(longestPauseMs, 100 * 2 ** Math.min(retries, 10)) * (0.5 + Math.random() / 2),
    },
  })
}

/** Connects in the background, and again whenever the connection is lost. Resolves at once, whether it is there or not. */
export async function openRedis(url: Secret, log: Log): Promise<Redis> {
  const client = await createRedisClient(url.reveal())
  let warnedMs = Number.NEGATIVE_INFINITY
  client.on('error', (error: unknown) => {
    if (Date.now() - warnedMs < warnEveryMs) return
    warnedMs = Date.now()
    log.warn('Redis is away: limits and caches are this instance’s own', { error: reasonOf(error) })
  })
  client.on('ready', () => {
    if (warnedMs > Number.NEGATIVE_INFINITY) log.info('Redis is back')
    warnedMs = Number.NEGATIVE_INFINITY
  })
  // Its failures are told as `error`; it is tried until it is closed.
  client.connect().catch(() => undefined)
  return {
    client,
    isReady: () => client.isReady,
    close: () => client.destroy(),
  }
}
