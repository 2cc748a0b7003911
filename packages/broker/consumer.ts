import type { Health } from '@warren/contracts/http/status'
import { reasonOf } from '@warren/platform/errors'
import { createHealthCell } from '@warren/platform/health-cell'
import type { Log } from '@warren/platform/log'
import type { Channel, ChannelModel } from 'amqplib'
import { closeSurely } from './close-surely.ts'
import type { Connection } from './connection.ts'
import type { ConsumeOptions } from './consume-options.ts'
import type { Declarations } from './declarations.ts'
import { plainReason } from './errors.ts'
import { type KeepChannelOptions, keepChannel } from './keep-channel.ts'
import { createPrefetchSize } from './prefetch-size.ts'
import { createSubscription, type Subscription } from './subscription.ts'
import { declareTopology } from './topology.ts'

export interface Consumer {
  /** `queue <name>`; red while it is missing, cannot be subscribed to or was stopped by an outcome. */
  health(): Health
  /** Takes no more deliveries; those taken go on. */
  pause(): Promise<void>
  resume(): Promise<void>
  /** Takes no more, waits for the handlers up to `deadlineMs` (10 s unless said), gives the rest back. Safe to call twice. */
  close(deadlineMs?: number): Promise<void>
}

export interface ConsumerContext {
  readonly connection: Connection
  readonly declarations: Declarations
  readonly log: Log
}

const defaultHeldBytes = 64 * 1024 ** 2
const defaultCloseMs = 10_000

/** What the parts of one consumer share. */
function createState(context: ConsumerContext, options: ConsumeOptions) {
  return {
    ...context,
    options,
    health: createHealthCell(`queue ${options.queue.name}`),
    prefetch: createPrefetchSize({
      maxMessages: options.prefetch,
      maxBytes: options.maxHeldBytes ?? defaultHeldBytes,
    }),
    current: undefined as Subscription | undefined,
    wanted: true,
    closing: false,
    stopReason: undefined as string | undefined,
    isHeldTooLong: false,
  }
}
type State = ReturnType<typeof createState>

async function declareQueue(state: State, model: ChannelModel): Promise<void> {
  await state.declarations.settled()
  if (state.options.declares === false) return
  const problems = await declareTopology(model, [], [state.options.queue])
  const missing = problems.find(({ usable }) => !usable)
  if (missing !== undefined) throw new Error(`${missing.part}: ${missing.reason}`)
}

function subscriptionOn(channel: Channel, state: State): Subscription {
  const { options, health, log, prefetch } = state
  const { name } = options.queue
  return createSubscription({
    channel,
    options,
    prefetch,
    onDeleted: () => {
      health.set('red', `queue ${name} was deleted`)
      log.warn('queue was deleted', { queue: name })
      void closeSurely(channel)
    },
    onHeldTooLong: () => {
      log.warn('deliveries were held too long and are given back', { queue: name })
      state.isHeldTooLong = true
      void closeSurely(channel)
    },
    onStop: (reason) => {
      state.stopReason = reason
      health.set('red', `stopped: ${reason}`)
      log.error('consumer stopped', { queue: name, reason })
    },
  })
}

async function takeIfWanted(state: State): Promise<void> {
  const { current, wanted, stopReason, health } = state
  if (current === undefined || stopReason !== undefined) return
  await current.take(wanted)
  if (wanted) health.set('green')
  else health.set('yellow', 'paused')
}

const channelOf = (state: State): KeepChannelOptions<Channel> => ({
  create: async (model) => {
    await declareQueue(state, model)
    return model.createChannel()
  },
  setUp: async (channel) => {
    state.current = subscriptionOn(channel, state)
    await takeIfWanted(state)
    state.options.onSubscribed?.()
  },
  lost: async (reason) => {
    const lost = state.current
    state.current = undefined
    const why = state.isHeldTooLong
      ? 'messages waited too long for their outcome and are back in the queue; takes none until their handlers have ended'
      : plainReason(reason)
    if (state.stopReason === undefined) state.health.set('red', why)
    state.isHeldTooLong = false
    lost?.end()
    // What these handlers hold comes back with the next subscription, so they end first: memory stays bounded.
    if (!state.closing) await lost?.drained()
  },
})

async function drain({ current }: State, deadlineMs: number): Promise<void> {
  if (current === undefined) return
  await current.take(false).catch(reasonOf)
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, deadlineMs)
  })
  await Promise.race([current.drained(), late])
  clearTimeout(timer)
}

export function createConsumer(context: ConsumerContext, options: ConsumeOptions): Consumer {
  const state = createState(context, options)
  const kept = keepChannel(context.connection, channelOf(state))
  let closed: Promise<void> | undefined

  const want = async (wanted: boolean) => {
    state.wanted = wanted
    // A channel that is lost meanwhile is set up anew, as wanted.
    await takeIfWanted(state).catch(reasonOf)
  }
  const close = async (deadlineMs: number) => {
    state.wanted = false
    await drain(state, deadlineMs)
    state.closing = true
    await kept.close()
  }

  return {
    health: state.health.read,
    pause: () => want(false),
    resume: () => want(true),
    close: (deadlineMs = defaultCloseMs) => {
      closed ??= close(deadlineMs)
      return closed
    },
  }
}
