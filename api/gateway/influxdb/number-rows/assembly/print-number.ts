import { digitsAt } from './layout'
import { decimal, exponent, findShortest } from './shortest'

const zero: u8 = 0x30
const minus: u8 = 0x2d
const plus: u8 = 0x2b
const dot: u8 = 0x2e
const letterE: u8 = 0x65
/** Digits that the longest decimal has. */
const places: i32 = 17
/** Numbers with more digits before the point, or more zeros after it, have an exponent: https://tc39.es/ecma262/#sec-numeric-types-number-tostring, as Go's encoder of JSON has. */
const mostWhole: i32 = 21
const mostZeros: i32 = 5

/** Eight digits of a number below 10^8, the first one in the lowest byte, each from 0 to 9. */
function eightDigits(value: u64): u64 {
  const fours = (value / 10_000) | ((value % 10_000) << 32)
  const hundreds = ((fours * 10_486) >> 20) & 0x0000_007f_0000_007f
  const twos = hundreds | ((fours - 100 * hundreds) << 16)
  const tens = ((twos * 103) >> 10) & 0x000f_000f_000f_000f
  return tens | ((twos - 10 * tens) << 8)
}

const zeros: u64 = (0x3030_3030 << 32) | 0x3030_3030

/** Of the number that is printed: its digits from the first to the last that is not 0, and how many of them, or of zeros behind them, stand before the point. */
let digits: usize = 0
let count: i32 = 0
let whole: i32 = 0

function findDigits(bits: u64): void {
  findShortest(bits)
  const found = storeDigits()
  const first = ctz(found)
  digits = digitsAt + <usize>first
  count = 32 - clz(found) - first
  whole = places - first + exponent
}

/** Stores the decimal's digits at `digitsAt`; a bit for each that is not 0, the first one lowest. */
function storeDigits(): i32 {
  const upper = decimal / 100_000_000
  const first = upper / 100_000_000
  const middle = eightDigits(upper - first * 100_000_000)
  const last = eightDigits(decimal - upper * 100_000_000)
  store<u8>(digitsAt, zero + <u8>first)
  store<u64>(digitsAt, middle + zeros, 1)
  store<u64>(digitsAt, last + zeros, 9)
  const others = i8x16.bitmask(i8x16.ne(v128.load(digitsAt, 1), i8x16.splat(0x30)))
  return i32(first !== 0) | (others << 1)
}

/** Stores a finite number as JavaScript's own text of it, but for the sign of zero; returns where it ends. */
export function printNumber(value: f64, at: usize): usize {
  const bits = reinterpret<u64>(value)
  let to = at
  if (bits >> 63 !== 0) {
    store<u8>(to, minus)
    to += 1
  }
  const size = (bits << 1) >> 1
  if (size === 0) {
    store<u8>(to, zero)
    return to + 1
  }
  findDigits(size)
  return whole > mostWhole || whole < -mostZeros ? placeWithExponent(to) : place(to)
}

/** Stores the digits with the point where it belongs; returns where they end, as those below do. */
function place(to: usize): usize {
  if (whole <= 0) {
    store<u64>(to, zeros)
    store<u8>(to, dot, 1)
    const start = to + 2 - <usize>whole
    copy(digits, start)
    return start + <usize>count
  }
  copy(digits, to)
  if (count > whole) {
    const point = to + <usize>whole
    copy(digits + <usize>whole, point + 1)
    store<u8>(point, dot)
    return to + <usize>count + 1
  }
  for (let at = count; at < whole; at++) store<u8>(to + <usize>at, zero)
  return to + <usize>whole
}

function placeWithExponent(to: usize): usize {
  let end = to + 1
  store<u8>(to, load<u8>(digits))
  if (count > 1) {
    store<u8>(end, dot)
    copy(digits + 1, end + 1)
    end += <usize>count
  }
  store<u8>(end, letterE)
  const power = whole - 1
  store<u8>(end, power < 0 ? minus : plus, 1)
  return placePower(power < 0 ? -power : power, end + 2)
}

/** At most three digits. */
function placePower(power: i32, to: usize): usize {
  let end = to
  if (power >= 100) store<u8>(end++, zero + <u8>(power / 100))
  if (power >= 10) store<u8>(end++, zero + <u8>((power / 10) % 10))
  store<u8>(end, zero + <u8>(power % 10))
  return end + 1
}

/** All digits there may be. */
function copy(from: usize, to: usize): void {
  v128.store(to, v128.load(from))
  store<u8>(to, load<u8>(from, 16), 16)
}
