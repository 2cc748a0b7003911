import type { ExchangeSpec, QueueSpec } from '@warren/contracts/topology'
import type { Channel, ChannelModel } from 'amqplib'
import { closeSurely } from './close-surely.ts'
import { plainReason, replyCodeOf } from './errors.ts'

/** One thing that could not be declared as it was asked for. */
export interface TopologyProblem {
  /** `exchange warren.metrics`, `queue poller.metrics.0`, `binding …` */
  readonly part: string
  readonly reason: string
  /** It exists, with other arguments: usable, but not what was configured. */
  readonly usable: boolean
}

type Step = readonly [part: string, declare: (channel: Channel) => Promise<unknown>]

const preconditionFailed = 406

const exchangeSteps = (exchange: ExchangeSpec): Step[] => {
  const { name, type, durable, autoDelete, bindings = [] } = exchange
  return [
    [
      `exchange ${name}`,
      (channel) =>
        channel.assertExchange(name, type, {
          durable,
          autoDelete,
          arguments: { ...exchange.arguments },
        }),
    ],
    ...bindings.map(
      ({ exchange: source, key }): Step => [
        `binding of ${name} to ${source}`,
        (channel) => channel.bindExchange(name, source, key),
      ],
    ),
  ]
}

const queueSteps = (queue: QueueSpec): Step[] => [
  [
    `queue ${queue.name}`,
    (channel) =>
      channel.assertQueue(queue.name, {
        durable: queue.durable,
        autoDelete: queue.autoDelete,
        exclusive: queue.exclusive,
        arguments: { ...queue.arguments },
      }),
  ],
  ...queue.bindings.map(
    ({ exchange, key }): Step => [
      `binding of ${queue.name} to ${exchange}`,
      (channel) => channel.bindQueue(queue.name, exchange, key),
    ],
  ),
]

/** Declares everything, going on past what fails: each failure closes its channel, so the rest takes a new one. */
async function declareSteps(
  model: ChannelModel,
  steps: readonly Step[],
): Promise<readonly TopologyProblem[]> {
  const problems: TopologyProblem[] = []
  const openChannel = async () => {
    const channel = await model.createChannel()
    channel.on('error', () => undefined)
    return channel
  }
  let channel = await openChannel()
  for (const [part, declare] of steps) {
    try {
      await declare(channel)
    } catch (error) {
      const code = replyCodeOf(error)
      if (code === undefined) throw error
      problems.push({ part, reason: plainReason(error), usable: code === preconditionFailed })
      channel = await openChannel()
    }
  }
  await closeSurely(channel)
  return problems
}

export const declareTopology = (
  model: ChannelModel,
  exchanges: readonly ExchangeSpec[],
  queues: readonly QueueSpec[],
): Promise<readonly TopologyProblem[]> =>
  declareSteps(model, [...exchanges.flatMap(exchangeSteps), ...queues.flatMap(queueSteps)])
