import type { BindingSpec, ExchangeSpec } from '@warren/contracts/topology'
import { withDeadline } from '@warren/platform/deadline'
import { closeSurely } from './close-surely.ts'
import { type Connection, type OpenOptions, openModel } from './connection.ts'
import { replyCodeOf } from './errors.ts'
import { createOwnChannel } from './own-channel.ts'

/** Exchanges that may not be possible on a broker, and what hangs on them. Every method rejects (retry) while the broker is away, within seconds. */
export interface ExchangeAdmin {
  has(name: string): Promise<boolean>
  /** Declares it, without its bindings; false when the broker does not know its type, for want of a plugin. */
  declareIfKnown(exchange: ExchangeSpec): Promise<boolean>
  /** Gives the exchange what another one gets. */
  bind(name: string, from: BindingSpec): Promise<void>
  bindQueue(queue: string, to: BindingSpec): Promise<void>
  /** A binding, or an exchange, that is absent is fine. */
  unbindQueue(queue: string, from: BindingSpec): Promise<void>
}

const deadlineMs = 5000
const notFound = 404
const commandInvalid = 503

/** A connection of its own, because a broker closes the one on which it reads a type that it does not know. */
async function declareApart(options: OpenOptions, exchange: ExchangeSpec): Promise<boolean> {
  const model = await openModel(options)
  let closed: unknown
  model.on('error', (error) => {
    closed = error
  })
  try {
    const { name, type, durable, autoDelete } = exchange
    const channel = await model.createChannel()
    channel.on('error', () => undefined)
    const more = { durable, autoDelete, arguments: { ...exchange.arguments } }
    await channel.assertExchange(name, type, more)
    await model.close()
    return true
  } catch (error) {
    const reason = closed ?? error
    if (replyCodeOf(reason) === commandInvalid) return false
    await closeSurely(model)
    throw reason
  }
}

export function createExchangeAdmin(connection: Connection, options: OpenOptions): ExchangeAdmin {
  const { run } = createOwnChannel(connection)
  return {
    has: async (name) => {
      try {
        await run((channel) => channel.checkExchange(name))
        return true
      } catch (error) {
        if (replyCodeOf(error) === notFound) return false
        throw error
      }
    },
    declareIfKnown: (exchange) =>
      withDeadline(declareApart(options, exchange), {
        ms: 2 * deadlineMs,
        what: `declaring exchange ${exchange.name}`,
      }),
    bind: async (name, { exchange, key }) => {
      await run((channel) => channel.bindExchange(name, exchange, key))
    },
    bindQueue: async (queue, { exchange, key }) => {
      await run((channel) => channel.bindQueue(queue, exchange, key))
    },
    unbindQueue: async (queue, { exchange, key }) => {
      try {
        await run((channel) => channel.unbindQueue(queue, exchange, key))
      } catch (error) {
        if (replyCodeOf(error) !== notFound) throw error
      }
    },
  }
}
