import { copyByte, copyDigits, from, leaveOut } from './copying'

const space: u8 = 0x20
const minus: u8 = 0x2d
const dot: u8 = 0x2e
const comma: u8 = 0x2c
const integerSuffix: u8 = 0x69
const unsignedSuffix: u8 = 0x75

/** More may be infinite, or lose digits as a float. */
const maxFloatBytes: usize = 60
const maxIntegerBytes: usize = 15

function isEnd(byte: u8): bool {
  return byte === comma || byte === space
}

/** Copies a number without its suffix; false for one that has an exponent or many digits, or is no number. */
export function copyNumber(): bool {
  const isNegative = load<u8>(from) === minus
  if (isNegative) copyByte(minus)
  const whole = copyDigits()
  if (whole === 0) return false
  const next = load<u8>(from)
  if (next !== dot) return endInteger(whole, isNegative)
  copyByte(dot)
  const fraction = copyDigits()
  return fraction > 0 && whole + 1 + fraction <= maxFloatBytes && isEnd(load<u8>(from))
}

function endInteger(digits: usize, isNegative: bool): bool {
  const suffix = load<u8>(from)
  if (isEnd(suffix)) return digits <= maxFloatBytes
  if (suffix !== integerSuffix && (suffix !== unsignedSuffix || isNegative)) return false
  leaveOut(1)
  return digits <= maxIntegerBytes && isEnd(load<u8>(from))
}
