import type { OutgoingMessage } from '@warren/broker/publisher'
import type { StoredLetter } from '@warren/contracts/http/dead-letters'
import { type ContentEncoding, contentTypes, headers } from '@warren/contracts/message'
import { toReplayHeaders } from '@warren/contracts/replay-headers'
import { parseSenderKey } from '@warren/contracts/routing-key'
import { exchanges } from '@warren/contracts/topology'

const streamTypes = { metrics: contentTypes.lineProtocol, logs: contentTypes.ndjson } as const

const noTenant = '-'
/** A letter keeps so much of a longer name. */
const maxTenantChars = 64

/** Why a letter cannot be sent again as it is; undefined when it can. */
export function obstacleTo({ tenant, origin, is_cut: isCut }: StoredLetter): string | undefined {
  if (isCut === true) return 'only its beginning was kept: edit it first'
  const key = parseSenderKey(origin.routing_key)
  if (key === undefined) return 'its routing key names no tenant'
  // The letters of names that are no tenant's are an admin's to send: to the name that the sender gave.
  if (tenant !== noTenant && key.tenant.slice(0, maxTenantChars) !== tenant)
    return 'its routing key names another tenant'
  return undefined
}

/** The letter as the message it was: the same key and id, its own time or none. The exchange is one that Warren reads, whatever the letter says. */
export function toMessage(letter: StoredLetter, replay: string): OutgoingMessage {
  const { origin, stream } = letter
  const isCloudify = origin.exchange === exchanges.cloudify
  return {
    exchange: isCloudify ? exchanges.cloudify : exchanges[stream],
    key: origin.routing_key,
    body: Buffer.from(letter.item, 'base64'),
    contentType: origin.content_type ?? (isCloudify ? contentTypes.json : streamTypes[stream]),
    contentEncoding: origin.content_encoding as ContentEncoding | undefined,
    messageId: origin.message_id,
    timestamp: null,
    headers: {
      ...(origin.time_ns === undefined ? {} : { [headers.timeNs]: origin.time_ns }),
      ...toReplayHeaders({
        letter: letter.id,
        attempts: letter.attempts,
        firstSeen: letter.first_seen,
        index: origin.index,
        replay,
      }),
    },
  }
}
