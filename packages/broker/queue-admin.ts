import type { QueueSpec } from '@warren/contracts/topology'
import { withDeadline } from '@warren/platform/deadline'
import type { Channel } from 'amqplib'
import { closeSurely } from './close-surely.ts'
import type { Connection } from './connection.ts'
import { brokerError, replyCodeOf } from './errors.ts'
import { declareTopology } from './topology.ts'

export interface QueueState {
  /** Ready ones. */
  readonly messages: number
  readonly consumers: number
}

/** Queues that come and go while a service runs. Every method rejects (retry) while the broker is away, within seconds. */
export interface QueueAdmin {
  /** Declares queue and bindings; an equal one is left as it is, another of the same name is an error. */
  create(queue: QueueSpec): Promise<void>
  /** Undefined when there is none. Looking counts as use: it puts off `x-expires`. */
  look(name: string): Promise<QueueState | undefined>
  /** With its messages; its consumers are cancelled. One that is absent is fine. */
  remove(name: string): Promise<void>
}

const deadlineMs = 5000
const notFound = 404

const limit = <Result>(asked: Promise<Result>): Promise<Result> =>
  withDeadline(asked, { ms: deadlineMs, what: 'the broker' })

export function createQueueAdmin(connection: Connection): QueueAdmin {
  const modelNow = () =>
    connection.opened(AbortSignal.timeout(deadlineMs)).catch((cause: unknown) => {
      throw brokerError('broker_unavailable', 'no connection to the broker', { cause })
    })

  /** On a channel of its own: a refusal closes it. */
  const onChannel = async <Result>(run: (channel: Channel) => Promise<Result>): Promise<Result> => {
    const channel = await limit((await modelNow()).createChannel())
    channel.on('error', () => undefined)
    try {
      return await limit(run(channel))
    } finally {
      void closeSurely(channel)
    }
  }

  return {
    create: async (queue) => {
      const [problem] = await limit(declareTopology(await modelNow(), [], [queue]))
      if (problem === undefined) return
      throw brokerError('access_refused', `${problem.part}: ${problem.reason}`)
    },
    look: async (name) => {
      try {
        const found = await onChannel((channel) => channel.checkQueue(name))
        return { messages: found.messageCount, consumers: found.consumerCount }
      } catch (error) {
        if (replyCodeOf(error) === notFound) return undefined
        throw error
      }
    },
    remove: async (name) => {
      await onChannel((channel) => channel.deleteQueue(name))
    },
  }
}
