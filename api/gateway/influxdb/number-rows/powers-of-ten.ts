/** The exponent of the greatest power of two that is at most ten to this power. */
const log2Of = (power: number): number => (power * 1_741_647) >> 19

/** Ten to this power as 128 bits of which the first is set, rounded up. */
function bitsOf(power: number): bigint {
  const size = 10n ** BigInt(Math.abs(power))
  const shift = BigInt(127 - log2Of(power))
  if (power < 0) return ((1n << shift) + size - 1n) / size
  if (shift >= 0n) return size << shift
  const unit = 1n << -shift
  return (size + unit - 1n) / unit
}

/** So many powers of ten from the first one on, the lower and the upper half of each. */
export function powersOfTen(first: number, count: number): BigUint64Array<ArrayBuffer> {
  const halves = new BigUint64Array(2 * count)
  for (let at = 0; at < count; at += 1) {
    const bits = bitsOf(first + at)
    halves[2 * at] = BigInt.asUintN(64, bits)
    halves[2 * at + 1] = bits >> 64n
  }
  return halves
}
