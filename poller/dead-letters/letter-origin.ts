import type { Delivery } from '@warren/broker/delivery'
import type { DeadLetter } from '@warren/contracts/dead-letter'
import { fallbackNsOf, wholeMessage } from '../origin.ts'

const maxChars = 64

/** What a letter remembers of its message so that, sent again, its items get the time that they would have had. Items of a message are unpacked, in the stream's own format; a whole one is as it was sent. */
export function propertiesOf(
  delivery: Delivery,
  index: number,
): Pick<DeadLetter['origin'], 'time_ns' | 'content_encoding' | 'content_type'> {
  const timeNs = fallbackNsOf(delivery)
  const time = timeNs === undefined ? {} : { time_ns: String(timeNs) }
  if (index !== wholeMessage) return time
  const { contentEncoding, contentType } = delivery.properties
  return {
    ...time,
    ...(contentEncoding === undefined
      ? {}
      : { content_encoding: contentEncoding.slice(0, maxChars) }),
    ...(contentType === undefined ? {} : { content_type: contentType.slice(0, maxChars) }),
  }
}
