import { withDeadline } from '@warren/platform/deadline'
import type { Channel, ChannelModel } from 'amqplib'
import { closeSurely } from './close-surely.ts'
import type { Connection } from './connection.ts'
import { brokerError } from './errors.ts'

/** A few frames with the broker now, each within seconds; every method rejects (retry) while it is away. */
export interface OwnChannel {
  model(): Promise<ChannelModel>
  /** On a channel of its own: a refusal closes it. */
  run<Result>(ask: (channel: Channel) => Promise<Result>): Promise<Result>
  limit<Result>(asked: Promise<Result>): Promise<Result>
}

const deadlineMs = 5000

export function createOwnChannel(connection: Connection): OwnChannel {
  const limit = <Result>(asked: Promise<Result>): Promise<Result> =>
    withDeadline(asked, { ms: deadlineMs, what: 'the broker' })
  const model = () =>
    connection.opened(AbortSignal.timeout(deadlineMs)).catch((cause: unknown) => {
      throw brokerError('broker_unavailable', 'no connection to the broker', { cause })
    })
  return {
    limit,
    model,
    run: async (ask) => {
      const channel = await limit((await model()).createChannel())
      channel.on('error', () => undefined)
      try {
        return await limit(ask(channel))
      } finally {
        void closeSurely(channel)
      }
    },
  }
}
