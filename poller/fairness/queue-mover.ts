import type { OutgoingMessage, Publisher } from '@warren/broker/publisher'
import { hasCode } from '@warren/platform/errors'

export interface QueueMoverOptions {
  readonly publisher: Pick<Publisher, 'publish'>
  /** Makes the tenant's queue; `again` when a message found none. */
  readonly ensure: (tenant: string, again: boolean) => Promise<void>
}

/** How long a full queue is not asked again. */
const fullMs = 5000

/** Puts messages into the queues of single tenants: resolves once the broker has confirmed one, with false when the queue is full, and rejects (retry) when that is not known. */
export function createQueueMover({ publisher, ensure }: QueueMoverOptions) {
  const fullUntil = new Map<string, number>()

  const publish = async (copy: OutgoingMessage, tenant: string): Promise<void> => {
    await ensure(tenant, false)
    try {
      await publisher.publish(copy)
    } catch (error) {
      if (!hasCode(error, 'unroutable')) throw error
      await ensure(tenant, true)
      await publisher.publish(copy)
    }
  }
  return async (copy: OutgoingMessage, tenant: string): Promise<boolean> => {
    if ((fullUntil.get(tenant) ?? 0) > performance.now()) return false
    fullUntil.delete(tenant)
    try {
      await publish(copy, tenant)
      return true
    } catch (error) {
      if (!hasCode(error, 'nacked')) throw error
      fullUntil.set(tenant, performance.now() + fullMs)
      return false
    }
  }
}
