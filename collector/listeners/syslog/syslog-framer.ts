import { createCarry } from '../../sockets/carry.ts'
import type { Framer, OnFrame } from '../../sockets/framer.ts'

const lineFeed = 0x0a
const space = 0x20
const less = 0x3c
const maxDigits = 7

const isDigit = (byte: number | undefined): boolean =>
  byte !== undefined && byte >= 0x30 && byte <= 0x39

interface Count {
  /** Of the message. */
  readonly bytes: number
  /** Of the count and its space. */
  readonly head: number
}

/** `LEN SP <` at an offset: https://www.rfc-editor.org/rfc/rfc6587#section-3.4.1 Undefined when it is no count, so that a line ends with a line feed (§3.4.2);
 *  `short` when more bytes must come to tell. The `<` is required: lines without a priority may begin with digits. */
function countAt(data: Buffer, start: number): Count | 'short' | undefined {
  if (data[start] === 0x30) return undefined
  let at = start
  while (isDigit(data[at]) && at - start < maxDigits) at += 1
  if (at >= data.length) return 'short'
  if (at === start || data[at] !== space) return undefined
  if (at + 1 >= data.length) return 'short'
  if (data[at + 1] !== less) return undefined
  return { bytes: Number(data.toString('latin1', start, at)), head: at + 1 - start }
}

/** What is left of a message whose start was given: so many bytes, or up to a line feed. */
type Rest = number | 'line'

interface Taken {
  /** Behind what was taken. */
  readonly next: number
  readonly rest: Rest
}

interface Take {
  readonly maxBytes: number
  readonly onFrame: OnFrame
}

function takeCounted(
  data: Buffer,
  start: number,
  { bytes, maxBytes, onFrame }: Take & { readonly bytes: number },
): Taken | undefined {
  const end = start + Math.min(bytes, maxBytes)
  if (data.length < end) return undefined
  onFrame(data.subarray(start, end), bytes > maxBytes)
  return { next: end, rest: start + bytes - end }
}

function takeLine(data: Buffer, start: number, { maxBytes, onFrame }: Take): Taken | undefined {
  const found = data.indexOf(lineFeed, start)
  const length = (found < 0 ? data.length : found) - start
  if (length > maxBytes) {
    onFrame(data.subarray(start, start + maxBytes), true)
    return { next: start + maxBytes, rest: 'line' }
  }
  if (found < 0) return undefined
  if (length > 0) onFrame(data.subarray(start, found), false)
  return { next: found + 1, rest: 0 }
}

/** Undefined when the message is not whole. */
function takeMessage(data: Buffer, start: number, take: Take): Taken | undefined {
  const count = countAt(data, start)
  if (count === 'short') return undefined
  if (count === undefined) return takeLine(data, start, take)
  return takeCounted(data, start + count.head, { ...take, bytes: count.bytes })
}

function passRest(data: Buffer, start: number, rest: Rest): Taken {
  if (rest === 'line') {
    const found = data.indexOf(lineFeed, start)
    return found < 0 ? { next: data.length, rest } : { next: found + 1, rest: 0 }
  }
  const passed = Math.min(rest, data.length - start)
  return { next: start + passed, rest: rest - passed }
}

/** Both framings of RFC 6587, told apart message by message: some senders mix them on one connection. */
export function createSyslogFramer(maxBytes: number): Framer {
  const carry = createCarry()
  let rest: Rest = 0

  /** The offset behind the last whole message. */
  const takeAll = (data: Buffer, onFrame: OnFrame): number => {
    const take = { maxBytes, onFrame }
    let at = 0
    while (at < data.length) {
      const taken = rest === 0 ? takeMessage(data, at, take) : passRest(data, at, rest)
      if (taken === undefined) break
      at = taken.next
      rest = taken.rest
    }
    return at
  }

  return {
    push: (chunk, onFrame) => {
      if (carry.length === 0) {
        carry.add(chunk.subarray(takeAll(chunk, onFrame)))
        return
      }
      carry.add(chunk)
      carry.drop(takeAll(carry.view(), onFrame))
    },
    end: (onFrame) => {
      if (carry.length > 0) onFrame(carry.view(), false)
      carry.drop(carry.length)
    },
    get heldBytes() {
      return carry.length
    },
  }
}
