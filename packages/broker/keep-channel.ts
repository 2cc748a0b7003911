import { setTimeout as delay } from 'node:timers/promises'
import { backoffMs } from '@warren/platform/backoff'
import type { Channel, ChannelModel } from 'amqplib'
import { closeSurely } from './close-surely.ts'
import type { Connection } from './connection.ts'

export interface KeepChannelOptions<C extends Channel> {
  create(model: ChannelModel): Promise<C>
  /** Makes the channel useful (subscribes, offers it to publishers); a rejection closes it, to be tried again. */
  setUp(channel: C): Promise<void>
  /** The channel is gone, or could not be set up; waited for before the next one is opened. */
  lost(reason: unknown): Promise<void> | void
}

export interface KeptChannel {
  /** Ends the keeping and closes the channel, which gives back what is unacknowledged. */
  close(): Promise<void>
}

const reopen = { firstMs: 100, maxMs: 10_000 }
const settledMs = 5000

/** Resolves with the reason once the channel is gone; with undefined when it was closed from here. */
const closedOf = (channel: Channel): Promise<Error | undefined> =>
  new Promise((resolve) => {
    let failure: Error | undefined
    channel.on('error', (error) => {
      failure = error
    })
    channel.on('close', () => resolve(failure))
  })

/** Keeps one channel open over the connection: again after each loss, with back-off, until closed. */
export function keepChannel<C extends Channel>(
  connection: Connection,
  { create, setUp, lost }: KeepChannelOptions<C>,
): KeptChannel {
  const closing = new AbortController()
  let current: C | undefined

  const live = async (): Promise<unknown> => {
    const channel = await create(await connection.opened(closing.signal))
    const closed = closedOf(channel)
    current = channel
    try {
      if (closing.signal.aborted) throw closing.signal.reason
      await setUp(channel)
    } catch (error) {
      await closeSurely(channel)
      throw (await closed) ?? error
    }
    return (await closed) ?? new Error('the channel was closed')
  }

  const run = async () => {
    for (let attempt = 0; !closing.signal.aborted; attempt++) {
      const startedAt = performance.now()
      const reason = await live().catch((error: unknown) => error)
      current = undefined
      await lost(reason)
      if (performance.now() - startedAt > settledMs) attempt = 0
      if (closing.signal.aborted) break
      await delay(backoffMs(attempt, reopen), undefined, { signal: closing.signal }).catch(
        () => undefined,
      )
    }
  }
  const running = run()

  return {
    close: async () => {
      closing.abort()
      if (current !== undefined) await closeSurely(current)
      await running
    },
  }
}
