import { digitsIn } from './words.ts'

const space = 0x20
const minus = 0x2d
const dot = 0x2e
const zero = 0x30
const nine = 0x39
const comma = 0x2c
const integerSuffix = 0x69
const unsignedSuffix = 0x75

export const failed = -1

/** Bytes on their way: what is read at `at` is written at `at + shift`. Reused from line to line. */
export interface PlainCopy {
  source: Uint8Array
  /** Of the same bytes. */
  sourceView: DataView
  /** Where reading ends. */
  end: number
  target: Uint8Array
  targetView: DataView
  shift: number
  /** The bytes that are compared while they are copied; here, since an object a call would be most of what the collector has to do. */
  from: number
  length: number
}

const nothing = new Uint8Array(0)
const viewOf = ({ buffer, byteOffset, length }: Uint8Array): DataView =>
  new DataView(buffer, byteOffset, length)

export const createPlainCopy = (): PlainCopy => ({
  source: nothing,
  sourceView: viewOf(nothing),
  end: 0,
  target: nothing,
  targetView: viewOf(nothing),
  shift: 0,
  from: 0,
  length: 0,
})

/** From where the next lines are read. */
export function startCopy(copy: PlainCopy, source: Uint8Array): void {
  copy.source = source
  copy.sourceView = viewOf(source)
}

/** Where the next line is written. */
export function copyTo(copy: PlainCopy, target: Uint8Array): void {
  if (copy.target === target) return
  copy.target = target
  copy.targetView = viewOf(target)
}

/** 1 for every byte that ends a word or has another meaning: controls and space, and `"`, `,`, `=`, `\`. */
const stops = new Uint8Array(256)
stops.fill(1, 0, space + 1)
for (const byte of Buffer.from('",=\\')) stops[byte] = 1

/** Copies what is no stop; returns where the stop is, or `end`. */
export function copyWord({ source, end, target, shift }: PlainCopy, start: number): number {
  let at = start
  while (at < end) {
    const byte = source[at] ?? 0
    if (stops[byte] === 1) break
    target[at + shift] = byte
    at += 1
  }
  return at
}

/** More may be infinite, or lose digits as a float. */
const maxFloatBytes = 60
const maxIntegerBytes = 15

/** Copies a number without its suffix, which `shift` then makes up for; returns where it ends, suffix included. `failed` for one that has an exponent or many digits, or is no number. */
export function copyNumber(copy: PlainCopy, start: number): number {
  const { source, target, shift } = copy
  let first = start
  if (source[start] === minus) {
    target[start + shift] = minus
    first += 1
  }
  const whole = copyDigits(copy, first)
  if (whole === first) return failed
  if (source[whole] !== dot) return endOfInteger(copy, first, whole)
  target[whole + shift] = dot
  const at = copyDigits(copy, whole + 1)
  return at > whole + 1 && at - first <= maxFloatBytes && isEnd(source[at]) ? at : failed
}

/** `first`: its first digit; `whole`: past its last one. */
function endOfInteger(copy: PlainCopy, first: number, whole: number): number {
  const { source } = copy
  const suffix = source[whole]
  if (isEnd(suffix)) return whole - first <= maxFloatBytes ? whole : failed
  const isUnsigned = suffix === unsignedSuffix && source[first - 1] !== minus
  if (suffix !== integerSuffix && !isUnsigned) return failed
  copy.shift -= 1
  return whole - first <= maxIntegerBytes && isEnd(source[whole + 1]) ? whole + 1 : failed
}

const isEnd = (byte: number | undefined): boolean => byte === comma || byte === space

/** Four at a time; where fewer are digits, what is written after them means nothing. */
export function copyDigits(copy: PlainCopy, start: number): number {
  const { source, sourceView, end, target, targetView, shift } = copy
  let at = start
  while (at + 4 <= end) {
    const word = sourceView.getInt32(at, true)
    targetView.setInt32(at + shift, word, true)
    const digits = digitsIn(word)
    at += digits
    if (digits < 4) return at
  }
  while (at < end) {
    const byte = source[at] ?? 0
    if (byte < zero || byte > nine) break
    target[at + shift] = byte
    at += 1
  }
  return at
}
