import type { PlainCopy } from './plain-copy.ts'

interface Copied {
  readonly copy: PlainCopy
  readonly start: number
  readonly length: number
}

/** Copies the bytes from `start` and returns whether they are those in `known` from `at`. It takes eight at a time as a double, which neither changes nor confuses them:
 *  eight bytes that are a NaN or a negative zero hold a NUL or are no UTF-8, and this reads clean text alone. What it wrote when they differ means nothing. */
export function copySame(known: DataView, at: number, { copy, start, length }: Copied): boolean {
  const { sourceView, targetView, shift } = copy
  const wholes = start + length - 8
  const toKnown = at - start
  let from = start
  for (; from <= wholes; from += 8) {
    const eight = sourceView.getFloat64(from, true)
    if (known.getFloat64(from + toKnown, true) !== eight) return false
    targetView.setFloat64(from + shift, eight, true)
  }
  for (; from < start + length; from += 1) {
    const byte = sourceView.getUint8(from)
    if (known.getUint8(from + toKnown) !== byte) return false
    targetView.setUint8(from + shift, byte)
  }
  return true
}
