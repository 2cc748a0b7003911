import { escapeTag } from '@warren/lineprotocol/escape'
import type { LineParts } from '@warren/lineprotocol/line-parts'
import { createTagCursor, nextTag, startTags, type TagCursor } from '@warren/lineprotocol/tags'
import type { LineBuffer } from '../line-buffer.ts'
import type { Origin } from '../origin.ts'

const encoder = new TextEncoder()
const tenantKey = encoder.encode('tenant')
const deploymentKey = encoder.encode('deployment')

/** `,deployment=…,tenant=…` as every line of one message gets it. */
export interface Stamp {
  readonly bytes: Uint8Array
  /** No other text has the same one while this process runs. */
  readonly id: number
}

const maxStamps = 10_000
const stamps = new Map<string, Stamp>()
let lastId = 0

export function toStamp({ tenant, deployment }: Pick<Origin, 'tenant' | 'deployment'>): Stamp {
  const value = deployment === undefined ? '' : escapeTag(deployment)
  const tag = value === '' ? '' : `,deployment=${value}`
  const text = `${tag},tenant=${escapeTag(tenant)}`
  return stamps.get(text) ?? makeStamp(text)
}

function makeStamp(text: string): Stamp {
  if (stamps.size >= maxStamps) stamps.clear()
  lastId += 1
  const bytes = encoder.encode(text)
  const stamp = { bytes, id: lastId }
  stamps.set(text, stamp)
  return stamp
}

const cursor = createTagCursor()

/** Writes measurement and tags, a sender's own `tenant` and `deployment` left out, and the stamp. */
export function writeStampedKey(source: Uint8Array, parts: LineParts, to: LineWriter): void {
  const { out, stamp } = to
  let copied = parts.measurementStart
  startTags(cursor, parts)
  while (nextTag(cursor, source)) {
    if (!isStamped(source, cursor)) continue
    // The comma before the key goes too.
    out.copy(source, copied, cursor.keyStart - 1)
    copied = cursor.valueEnd
  }
  out.copy(source, copied, parts.keyEnd)
  out.copy(stamp.bytes, 0, stamp.bytes.length)
}

export interface LineWriter {
  readonly out: LineBuffer
  readonly stamp: Stamp
}

/** The key is one that only Warren sets. */
export function isStamped(
  bytes: Uint8Array,
  { keyStart, keyEnd }: Pick<TagCursor, 'keyStart' | 'keyEnd'>,
): boolean {
  const length = keyEnd - keyStart
  if (length === tenantKey.length) return isSame(bytes, keyStart, tenantKey)
  return length === deploymentKey.length && isSame(bytes, keyStart, deploymentKey)
}

function isSame(bytes: Uint8Array, start: number, word: Uint8Array): boolean {
  for (let at = 0; at < word.length; at += 1) if (bytes[start + at] !== word[at]) return false
  return true
}
