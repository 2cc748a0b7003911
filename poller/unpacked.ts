import { decodeBody } from '@warren/broker/decode-body'
import type { Delivery } from '@warren/broker/delivery'
import { maxMessageBytes } from '@warren/contracts/message'
import { dispositionOf } from '@warren/platform/errors'
import type { FairRoom } from './fairness/fair-room.ts'

/** A message that is parked whole is kept plain where it can be, so that it can be read and edited. */
export async function unpacked(
  delivery: Delivery,
  tenant: string,
  room: FairRoom,
): Promise<Delivery> {
  if (delivery.properties.contentEncoding === undefined) return delivery
  await room.take(tenant, maxMessageBytes)
  try {
    const body = await decodeBody(delivery)
    return { ...delivery, body, properties: { ...delivery.properties, contentEncoding: undefined } }
  } catch (error) {
    if (dispositionOf(error) !== 'reject') throw error
    return delivery
  } finally {
    room.give(tenant, maxMessageBytes)
  }
}
