import type { Delivery } from '@warren/broker/delivery'
import { isPlainName } from '@warren/contracts/names'
import { parseSenderKey } from '@warren/contracts/routing-key'
import { unescapeTag } from '@warren/lineprotocol/escape'
import { createLineParts } from '@warren/lineprotocol/line-parts'
import { createLineCursor, nextLine, startLines } from '@warren/lineprotocol/lines'
import { scanLine } from '@warren/lineprotocol/scan'
import { createTagCursor, nextTag, startTags } from '@warren/lineprotocol/tags'
import type { HostKey } from './silence.ts'

/** Longer is no host's name, and would be memory for a stranger to fill. */
const maxHostBytes = 255

const line = createLineCursor()
const parts = createLineParts()
const tag = createTagCursor()

/** Tag `host` of the first line; undefined when that line is no good or has none. */
function firstHost(body: Buffer): string | undefined {
  startLines(line, body)
  if (!nextLine(line) || scanLine(line, parts) !== undefined) return undefined
  startTags(tag, parts)
  while (nextTag(tag, body))
    if (body.toString('latin1', tag.keyStart, tag.keyEnd) === 'host')
      return unescapeTag(body.toString('utf8', tag.valueStart, tag.valueEnd))
  return undefined
}

/** Whose metrics a message carries: the source of its key, which an agent sets to its host; for a sender without one, the tag `host` of the first line of a body that
 *  is not compressed. Undefined for a key that names no tenant, and for a sender that tells no host. */
export function hostOf({ routingKey, body, properties }: Delivery): HostKey | undefined {
  const key = parseSenderKey(routingKey)
  if (key === undefined || !isPlainName(key.tenant)) return undefined
  const isPlain = properties.contentEncoding === undefined
  const host = key.source ?? (isPlain ? firstHost(body) : undefined)
  if (host === undefined || host === '' || Buffer.byteLength(host) > maxHostBytes) return undefined
  return { tenant: key.tenant, host }
}
