import type { Delivery } from '@warren/broker/delivery'
import { toRoutingKey } from '@warren/contracts/routing-key'
import { exchanges, type Stream } from '@warren/contracts/topology'
import { objectIn, parseMessage, textIn } from './message.ts'

export interface Readdress {
  readonly stream: Stream
  /** Whose vhost it came from. */
  readonly tenant: string
}

/** Metrics have the deployment as their key, whole, dots and all; logs and events in their context, for their exchanges ignore or share keys. */
function deploymentOf({ routingKey, body }: Delivery, stream: Stream): string | undefined {
  if (stream === 'metrics') return routingKey === '' ? undefined : routingKey
  const message = parseMessage(body)
  return message && textIn(objectIn(message, 'context'), 'deployment_id')
}

/** A delivery under the address at which it can be sent again, to the same tenant whatever the vhost: `<tenant>.<deployment>.<exchange>` on `warren.cloudify`. */
export function readdress(delivery: Delivery, { stream, tenant }: Readdress): Delivery {
  if (delivery.exchange === exchanges.cloudify) return delivery
  const deployment = deploymentOf(delivery, stream)
  let routingKey: string
  try {
    routingKey = toRoutingKey(tenant, deployment, delivery.exchange)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    // No deployment has a name so long: it is parked as unknown.
    routingKey = toRoutingKey(tenant, deployment?.slice(0, 32), delivery.exchange)
  }
  return { ...delivery, exchange: exchanges.cloudify, routingKey }
}
