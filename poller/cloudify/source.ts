import type { Delivery } from '@warren/broker/delivery'
import type { Broker } from '@warren/broker/open'
import { cloudifyMaxDeliveries, cloudifyQueue } from '@warren/contracts/cloudify'
import type { DeadLetterCode } from '@warren/contracts/dead-letter'
import type { Stream } from '@warren/contracts/topology'
import { WarrenError } from '@warren/platform/errors'
import type { Chunk, Normalised } from '../chunk.ts'
import { type IsKnownTenant, keyedOrigin, type Origin } from '../origin.ts'
import type { StreamSource } from '../stream-source.ts'
import type { TimeWindow } from '../time-window.ts'
import { isConfiguration, parseMessage } from './message.ts'
import { readdress } from './readdress.ts'

export interface CloudifySourceOptions<C extends Chunk> {
  /** Of the vhost; stays the caller's. */
  readonly broker: Broker
  readonly vhost: string
  /** Whose vhost it is. */
  readonly tenant: string
  readonly stream: Stream
  readonly maxBytes: number
  readonly isKnownTenant: IsKnownTenant
  readonly isKnownDeployment: (tenant: string, deployment: string) => Promise<boolean>
  readonly normalise: (body: Buffer, origin: Origin, window: TimeWindow) => Normalised<C>
}

const reject = (code: DeadLetterCode, message: string): WarrenError =>
  new WarrenError(message, { code, disposition: 'reject' })

const unknown = (what: string): WarrenError =>
  reject('unknown_deployment', `${what}; POST /api/v1/cloudify/senders makes deployments known`)

/** Metrics always belong to a deployment; logs and events of the manager itself to none. */
async function checkDeployment<C extends Chunk>(
  { tenant, deployment }: Origin,
  { body }: Delivery,
  { stream, isKnownDeployment }: CloudifySourceOptions<C>,
): Promise<void> {
  if (deployment !== undefined) {
    if (await isKnownDeployment(tenant, deployment)) return
    const message = stream === 'metrics' ? parseMessage(body) : undefined
    if (message !== undefined && isConfiguration(message)) return
    throw unknown(`the tenant ${tenant} has no such deployment`)
  }
  if (stream === 'metrics') throw unknown('the routing key, which is the deployment, is empty')
}

/** One stream of the Cloudify senders of one vhost. */
export const cloudifySource = <C extends Chunk>(
  options: CloudifySourceOptions<C>,
): StreamSource<C> => ({
  broker: options.broker,
  queue: cloudifyQueue(options.stream, options),
  readdress: (delivery) => readdress(delivery, options),
  originOf: async (delivery) => {
    if (delivery.deliveryCount > cloudifyMaxDeliveries)
      throw reject('delivery_limit', 'delivered too often without an outcome')
    const origin = await keyedOrigin(delivery, options.isKnownTenant)
    await checkDeployment(origin, delivery, options)
    return origin
  },
  normalise: options.normalise,
})
