import { leastPower, powersAt } from './layout'

/** Of the number that was looked at last: it is `decimal` times ten to the power of `exponent`. */
export let decimal: u64 = 0
export let exponent: i32 = 0

const fractionBits: i32 = 52
const exponentBias: i32 = 1075
const lowHalf: u64 = 0xffff_ffff

/** The upper half of a product of 64 bits each; the lower half is `a * b`. */
function upperOfProduct(a: u64, b: u64): u64 {
  const aLow = a & lowHalf
  const aHigh = a >> 32
  const bLow = b & lowHalf
  const bHigh = b >> 32
  const middle = aHigh * bLow + ((aLow * bLow) >> 32)
  const other = aLow * bHigh + (middle & lowHalf)
  return aHigh * bHigh + (middle >> 32) + (other >> 32)
}

/** The upper 64 bits of a power of ten, of 128 bits, times a factor; the last one is also set for what is cut off. */
function roundedToOdd(powerAt: usize, factor: u64): u64 {
  const powerLow = load<u64>(powerAt)
  const powerHigh = load<u64>(powerAt, 8)
  const carried = upperOfProduct(powerLow, factor)
  const lower = powerHigh * factor + carried
  const upper = upperOfProduct(powerHigh, factor) + u64(lower < carried)
  return upper | u64(lower > 1)
}

/** Finds the shortest decimal that reads as this number, of several the closest, and of two that are as close the even one; it may end with zeros. `bits` are those of a finite number above 0.
 *  Schubfach, by Raffaello Giulietti: https://drive.google.com/file/d/1IEeATSVnEE6TkrHlCYNY2GjaraBjOT4f, names as there. */
export function findShortest(bits: u64): void {
  const fraction = bits & ((1 << fractionBits) - 1)
  const biased = <i32>(bits >> fractionBits)
  const c = biased === 0 ? fraction : fraction | (1 << fractionBits)
  const q = (biased === 0 ? 1 : biased) - exponentBias
  if (isInteger(c, q)) {
    decimal = c >> -q
    exponent = 0
    return
  }
  // Below a power of two floats are half as far apart.
  const isCloserBelow = fraction === 0 && biased > 1
  // As many as three powers of ten fit between two floats; `k` is the greatest of which one does surely.
  exponent = (q * 1_262_611 - (isCloserBelow ? 524_031 : 0)) >> 22
  const h = q + ((-exponent * 1_741_647) >> 19) + 1
  const powerAt = powersAt + 16 * <usize>(-exponent - leastPower)
  const v = roundedToOdd(powerAt, (4 * c) << h)
  const below = roundedToOdd(powerAt, (4 * c - 2 + u64(isCloserBelow)) << h)
  const above = roundedToOdd(powerAt, (4 * c + 2) << h)
  // An odd number does not get what lies just between it and the next one.
  choose(v, below + (c & 1), above - (c & 1))
}

function isInteger(c: u64, q: i32): bool {
  return q <= 0 && q > -(fractionBits + 1) && (c & (((<u64>1) << -q) - 1)) === 0
}

/** All of them times four. */
function choose(v: u64, least: u64, most: u64): void {
  const s = v >> 2
  if (s >= 10) {
    const tens = s / 10
    const isLowerIn = least <= 40 * tens
    if (isLowerIn !== 40 * tens + 40 <= most) {
      decimal = tens + u64(!isLowerIn)
      exponent += 1
      return
    }
  }
  const isLowerIn = least <= 4 * s
  if (isLowerIn !== 4 * s + 4 <= most) {
    decimal = s + u64(!isLowerIn)
    return
  }
  const middle = 4 * s + 2
  decimal = s + u64(v > middle || (v === middle && (s & 1) !== 0))
}
