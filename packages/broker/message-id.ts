import { randomFillSync } from 'node:crypto'

const random = new Uint8Array(10 * 256)
let used = random.length

function takeRandom(): Uint8Array {
  if (used === random.length) {
    randomFillSync(random)
    used = 0
  }
  used += 10
  return random.subarray(used - 10, used)
}

const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** A UUIDv7 (RFC 9562, 5.7): sortable by the millisecond, 74 random bits. */
export function newMessageId(nowMs: number = Date.now()): string {
  const time = nowMs.toString(16).padStart(12, '0')
  const bytes = takeRandom()
  const word = (index: number) => hex[bytes[index] ?? 0] ?? '00'
  const version = `7${word(0).charAt(0)}${word(1)}`
  const variant = `${(((bytes[2] ?? 0) & 0x3f) | 0x80).toString(16)}${word(3)}`
  const tail = `${word(4)}${word(5)}${word(6)}${word(7)}${word(8)}${word(9)}`
  return `${time.slice(0, 8)}-${time.slice(8)}-${version}-${variant}-${tail}`
}

/** A fresh W3C trace context (https://www.w3.org/TR/trace-context/), sampled. */
export function newTraceparent(): string {
  const parts: string[] = []
  for (let taken = 0; taken < 3; taken++)
    for (const byte of takeRandom()) parts.push(hex[byte] ?? '00')
  return `00-${parts.slice(0, 16).join('')}-${parts.slice(16, 24).join('')}-01`
}
