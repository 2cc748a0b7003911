import { unescapeTag } from '@warren/lineprotocol/escape'
import type { LineParts } from '@warren/lineprotocol/line-parts'
import { createTagCursor, nextTag, startTags } from '@warren/lineprotocol/tags'

const cursor = createTagCursor()
const name = Buffer.from('host')

/** Tag `host` of a scanned line. */
export function hostOf(bytes: Buffer, parts: LineParts): string | undefined {
  startTags(cursor, parts)
  while (nextTag(cursor, bytes))
    if (bytes.subarray(cursor.keyStart, cursor.keyEnd).equals(name))
      return unescapeTag(bytes.toString('utf8', cursor.valueStart, cursor.valueEnd))
  return undefined
}
