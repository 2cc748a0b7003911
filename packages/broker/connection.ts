import { Writable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { backoffMs } from '@warren/platform/backoff'
import { createHealthCell, type HealthCell } from '@warren/platform/health-cell'
import type { Log } from '@warren/platform/log'
import { type ChannelModel, connect } from 'amqplib'
import { closeSurely } from './close-surely.ts'
import { plainReason } from './errors.ts'
import { writeTogether } from './write-together.ts'

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
export const publicAddress = (text: string): string => {
  const { protocol, host } = new URL(text)
  return `${protocol}//${host}`
}

/** The vhost that an address names: https://www.rabbitmq.com/docs/uri-spec */
export const vhostOf = (text: string): string =>
  decodeURIComponent(new URL(text).pathname.slice(1)) || '/'

/** The same broker and credential, in another vhost. */
export function withVhost(text: string, vhost: string): string {
  const url = new URL(text)
  url.pathname = vhost === '/' ? '' : encodeURIComponent(vhost)
  return url.href
}

/** The address as a client gets it who brings a credential of his own: with its vhost. */
export const outsideUrl = (text: string): string =>
  `${publicAddress(text)}${new URL(text).pathname}`

export type OpenOptions = Omit<ConnectionOptions, 'log'>

export async function openModel({ url, name, ca }: OpenOptions): Promise<ChannelModel> {
  const model = await connect(withHeartbeat(url), {
    noDelay: true,
    keepAlive: true,
    timeout: connectTimeoutMs,
    clientProperties: { connection_name: name },
    ...(ca === undefined ? {} : { ca }),
  })
  // The client gives out its socket under no other name, and works as well where it has another one day.
  const { stream } = model.connection as { readonly stream?: unknown }
  if (stream instanceof Writable) writeTogether(stream)
  return model
}

/** Resolves with the reason once the connection is gone. */
const closedOf = (model: ChannelModel): Promise<Error> =>
  new Promise((resolve) => {
    let failure: Error | undefined
    model.on('error', (error) => {
      failure = error
    })
    model.on('close', (error) => resolve(failure ?? error ?? new Error('connection closed')))
  })

/** Those who wait for the connection, and those who want to know of every change. */
function createAudience() {
  const listeners: (() => void)[] = []
  const waiting = new Set<(model: ChannelModel) => void>()
  return {
    listen: (listener: () => void) => void listeners.push(listener),
    changed: () => {
      for (const listener of listeners) listener()
    },
    give: (model: ChannelModel) => {
      const resolved = [...waiting]
      waiting.clear()
      for (const resolve of resolved) resolve(model)
    },
    wait: (signal: AbortSignal) =>
      new Promise<ChannelModel>((resolve, reject) => {
        const take = (model: ChannelModel) => {
          signal.removeEventListener('abort', leave)
          resolve(model)
        }
        const leave = () => {
          waiting.delete(take)
          reject(signal.reason)
        }
        if (signal.aborted) return leave()
        waiting.add(take)
        signal.addEventListener('abort', leave, { once: true })
      }),
  }
}

function createState(options: ConnectionOptions) {
  return {
    ...options,
    address: publicAddress(options.url),
    health: createHealthCell('broker'),
    audience: createAudience(),
    closing: new AbortController(),
    current: undefined as ChannelModel | undefined,
    blocked: undefined as string | undefined,
  }
}
type State = ReturnType<typeof createState>

function adopt(state: State, model: ChannelModel): void {
  const { health, audience } = state
  state.current = model
  health.set('green')
  model.on('blocked', (reason) => {
    state.blocked = `the broker takes no messages: ${reason}`
    health.set('red', state.blocked)
    audience.changed()
  })
  model.on('unblocked', () => {
    state.blocked = undefined
    health.set('green')
    audience.changed()
  })
  audience.give(model)
  audience.changed()
}

function lose(state: State, error: unknown): void {
  state.current = undefined
  state.blocked = undefined
  state.health.set('red', `${state.address}: ${plainReason(error)}; reconnecting`)
  state.audience.changed()
}

/** One life of the connection; resolves with how long it was open. */
async function live(state: State): Promise<number> {
  const { log, address, closing } = state
  const model = await openModel(state)
  const closed = closedOf(model)
  if (closing.signal.aborted) {
    await closeSurely(model)
    return 0
  }
  const openedAt = performance.now()
  log.info('broker connected', { address })
  adopt(state, model)
  const error = await closed
  lose(state, error)
  if (!closing.signal.aborted)
    log.warn('broker connection lost', { address, reason: plainReason(error) })
  return performance.now() - openedAt
}

/** As `live`, but a connection that cannot be opened counts as one that did not live. */
async function tryToLive(state: State, attempt: number): Promise<number> {
  try {
    return await live(state)
  } catch (error) {
    lose(state, error)
    // The first failures and then one in sixteen: an outage of an hour is not a thousand lines.
    if (attempt < 2 || attempt % 16 === 0)
      state.log.warn('broker unreachable', { address: state.address, reason: plainReason(error) })
    return 0
  }
}

async function run(state: State): Promise<void> {
  const { signal } = state.closing
  for (let attempt = 0; !signal.aborted; attempt++) {
    if ((await tryToLive(state, attempt)) > settledMs) attempt = 0
    await delay(backoffMs(attempt, reconnect), undefined, { signal }).catch(() => undefined)
  }
}

export function createConnection(options: ConnectionOptions): Connection {
  const state = createState(options)
  const running = run(state)
  return {
    health: state.health,
    opened: async (signal) => state.current ?? state.audience.wait(signal),
    blockedReason: () => state.blocked,
    onChange: state.audience.listen,
    close: async () => {
      state.closing.abort()
      if (state.current !== undefined) await closeSurely(state.current)
      await running
    },
  }
}
