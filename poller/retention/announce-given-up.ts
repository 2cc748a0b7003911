import type { Publisher } from '@warren/broker/publisher'
import type { WarrenEvent } from '@warren/contracts/event'
import { contentTypes } from '@warren/contracts/message'
import { toRoutingKey } from '@warren/contracts/routing-key'
import { exchanges } from '@warren/contracts/topology'
import { reasonOf, WarrenError } from '@warren/platform/errors'
import type { Log } from '@warren/platform/log'
import type { StoredDay } from '@warren/stores/retention'

interface Announcement {
  readonly publisher: Pick<Publisher, 'publish'>
  readonly log: Log
  readonly atMs: number
  readonly stored: StoredDay
  /** For people. */
  readonly text: string
}

/** An event that the broker does not take is in the log all the same. */
export function announceGivenUp({ publisher, log, atMs, stored, text }: Announcement): void {
  const { tenant, day } = stored
  const event: WarrenEvent = {
    type: 'platform_event',
    event_type: 'data_given_up',
    timestamp: new Date(atMs).toISOString(),
    message: { text },
    context: { tenant, day },
  }
  publisher
    .publish({
      exchange: exchanges.events,
      key: toRoutingKey(tenant, undefined, 'platform'),
      body: Buffer.from(`${JSON.stringify(event)}\n`),
      contentType: contentTypes.ndjson,
    })
    .catch((error: unknown) => {
      // Nobody listens.
      if (error instanceof WarrenError && error.code === 'unroutable') return
      log.warn('an event was not sent', { reason: reasonOf(error) })
    })
}
