import { setTimeout as delay } from 'node:timers/promises'
import { backoffMs } from '@warren/platform/backoff'
import { createHealthCell, type HealthCell } from '@warren/platform/health-cell'
import type { Log } from '@warren/platform/log'
import { type ChannelModel, connect } from 'amqplib'
import { plainReason } from './errors.ts'

export interface ConnectionOptions {
  /** `amqp://` or `amqps://`, with the credential. */
  readonly url: string
  /** Shown by the broker beside the connection, and the `app_id` of messages. */
  readonly name: string
  readonly log: Log
  /** PEM of the authority that signed the broker's certificate. */
  readonly ca?: string | undefined
}

/** One AMQP connection that is opened again whenever it is lost. */
export interface Connection {
  readonly health: HealthCell
  /** Resolves with the open connection, now or after the next reconnect; rejects when `signal` aborts. */
  opened(signal: AbortSignal): Promise<ChannelModel>
  /** Why the broker takes no publishes at the moment (memory or disk alarm); undefined when it does. */
  blockedReason(): string | undefined
  /** Called after each change of being open or blocked. */
  onChange(listener: () => void): void
  close(): Promise<void>
}

const reconnect = { firstMs: 200, maxMs: 10_000 }
const connectTimeoutMs = 10_000
const heartbeatSeconds = 10
/** A connection that lived less was refused in all but name, so its loss does not restart the back-off. */
const settledMs = 5000

const withHeartbeat = (text: string): string => {
  const url = new URL(text)
  if (!url.searchParams.has('heartbeat'))
    url.searchParams.set('heartbeat', String(heartbeatSeconds))
  return url.href
}

/** The address as an operator may see it: without the credential. */
const publicAddress = (text: string): string => {
  const { protocol, host } = new URL(text)
  return `${protocol}//${host}`
}

const open = ({ url, name, ca }: ConnectionOptions): Promise<ChannelModel> =>
  connect(withHeartbeat(url), {
    noDelay: true,
    keepAlive: true,
    timeout: connectTimeoutMs,
    clientProperties: { connection_name: name },
    ...(ca === undefined ? {} : { ca }),
  })

/** Resolves with the reason once the connection is gone. */
const closedOf = (model: ChannelModel): Promise<Error> =>
  new Promise((resolve) => {
    let failure: Error | undefined
    model.on('error', (error) => {
      failure = error
    })
    model.on('close', (error) => resolve(failure ?? error ?? new Error('connection closed')))
  })

export function createConnection(options: ConnectionOptions): Connection {
  const { log, url } = options
  const address = publicAddress(url)
  const health = createHealthCell('broker')
  const closing = new AbortController()
  const listeners: (() => void)[] = []
  let waiting: ((model: ChannelModel) => void)[] = []
  let current: ChannelModel | undefined
  let blocked: string | undefined

  const changed = () => {
    for (const listener of listeners) listener()
  }

  const adopt = (model: ChannelModel) => {
    current = model
    health.set('green')
    model.on('blocked', (reason) => {
      blocked = `the broker takes no messages: ${reason}`
      health.set('red', blocked)
      changed()
    })
    model.on('unblocked', () => {
      blocked = undefined
      health.set('green')
      changed()
    })
    const resolved = waiting
    waiting = []
    for (const resolve of resolved) resolve(model)
    changed()
  }

  const lose = (error: unknown) => {
    current = undefined
    blocked = undefined
    health.set('red', `${address}: ${plainReason(error)}; reconnecting`)
    changed()
  }

  const live = async (): Promise<number> => {
    const model = await open(options)
    const closed = closedOf(model)
    if (closing.signal.aborted) {
      await model.close()
      return 0
    }
    const openedAt = performance.now()
    log.info('broker connected', { address })
    adopt(model)
    const error = await closed
    lose(error)
    if (!closing.signal.aborted)
      log.warn('broker connection lost', { address, reason: plainReason(error) })
    return performance.now() - openedAt
  }

  const run = async () => {
    for (let attempt = 0; !closing.signal.aborted; attempt++) {
      try {
        if ((await live()) > settledMs) attempt = 0
      } catch (error) {
        lose(error)
        // The first failures and then one in sixteen: an outage of an hour is not a thousand lines.
        if (attempt < 2 || attempt % 16 === 0)
          log.warn('broker unreachable', { address, reason: plainReason(error) })
      }
      await delay(backoffMs(attempt, reconnect), undefined, { signal: closing.signal }).catch(
        () => undefined,
      )
    }
  }
  const running = run()

  return {
    health,
    opened: (signal) => {
      if (current !== undefined) return Promise.resolve(current)
      return new Promise((resolve, reject) => {
        const give = (model: ChannelModel) => {
          signal.removeEventListener('abort', drop)
          resolve(model)
        }
        const drop = () => {
          waiting = waiting.filter((other) => other !== give)
          reject(signal.reason)
        }
        if (signal.aborted) return drop()
        waiting.push(give)
        signal.addEventListener('abort', drop, { once: true })
      })
    },
    blockedReason: () => blocked,
    onChange: (listener) => listeners.push(listener),
    close: async () => {
      closing.abort()
      await current?.close().catch(() => undefined)
      await running
    },
  }
}
