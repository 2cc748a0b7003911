import type { QueueSpec } from '@warren/contracts/topology'
import type { Connection } from './connection.ts'
import { brokerError, replyCodeOf } from './errors.ts'
import { createOwnChannel } from './own-channel.ts'
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

const notFound = 404

export function createQueueAdmin(connection: Connection): QueueAdmin {
  const { model, run, limit } = createOwnChannel(connection)

  return {
    create: async (queue) => {
      const [problem] = await limit(declareTopology(await model(), [], [queue]))
      if (problem === undefined) return
      throw brokerError('access_refused', `${problem.part}: ${problem.reason}`)
    },
    look: async (name) => {
      try {
        const found = await run((channel) => channel.checkQueue(name))
        return { messages: found.messageCount, consumers: found.consumerCount }
      } catch (error) {
        if (replyCodeOf(error) === notFound) return undefined
        throw error
      }
    },
    remove: async (name) => {
      await run((channel) => channel.deleteQueue(name))
    },
  }
}
