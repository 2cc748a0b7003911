import type { PlainCopy } from './plain-copy.ts'

/** Copies `length` bytes from `from` and returns whether they are those in `known` from `at`. It takes eight at a time as a double, which neither changes nor confuses them:
 *  eight bytes that are a NaN or a negative zero hold a NUL or are no UTF-8, and this reads clean text alone. The last eight overlap those before them. What it wrote when they
 *  differ means nothing. */
export function copySame(known: DataView, at: number, copy: PlainCopy): boolean {
  const { sourceView, targetView, shift, from: start, length } = copy
  if (length < 8) return copySameFew(known, at, copy)
  const last = start + length - 8
  const toKnown = at - start
  for (let from = start; from < last; from += 8) {
    const eight = sourceView.getFloat64(from, true)
    if (known.getFloat64(from + toKnown, true) !== eight) return false
    targetView.setFloat64(from + shift, eight, true)
  }
  const eight = sourceView.getFloat64(last, true)
  targetView.setFloat64(last + shift, eight, true)
  return known.getFloat64(last + toKnown, true) === eight
}

function copySameFew(known: DataView, at: number, copy: PlainCopy): boolean {
  const { sourceView, targetView, shift, from: start, length } = copy
  const end = start + length
  const toKnown = at - start
  let from = start
  if (length >= 4) {
    const four = sourceView.getInt32(start, true)
    if (known.getInt32(at, true) !== four) return false
    targetView.setInt32(start + shift, four, true)
    from = end - 4
    const last = sourceView.getInt32(from, true)
    targetView.setInt32(from + shift, last, true)
    return known.getInt32(from + toKnown, true) === last
  }
  for (; from < end; from += 1) {
    const byte = sourceView.getUint8(from)
    if (known.getUint8(from + toKnown) !== byte) return false
    targetView.setUint8(from + shift, byte)
  }
  return true
}
