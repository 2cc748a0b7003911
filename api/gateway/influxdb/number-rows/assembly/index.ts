import {
  leastPower,
  maxNumbers,
  maxRows,
  numbersAt,
  pages,
  powers,
  powersAt,
  rowEndsAt,
  targetAt,
  targetBytes,
  textBytes,
  textEndsAt,
  textsAt,
} from './layout'
import { printNumber } from './print-number'

export {
  leastPower,
  maxNumbers,
  maxRows,
  numbersAt,
  powers,
  powersAt,
  rowEndsAt,
  targetAt,
  targetBytes,
  textBytes,
  textEndsAt,
  textsAt,
}

const rowStart: u16 = 0x5b2c // ,[
const comma: u8 = 0x2c
const rowEnd: u8 = 0x5d
const nullWord: u32 = 0x6c6c_756e

memory.grow(pages)

/** Prints rows of `columns` numbers each, `,[text,number,…]`, from `targetAt` on; NaN is null. Returns how many bytes that are, or -1 where a number is infinite. */
export function printRows(rows: i32, columns: i32): i32 {
  let to = targetAt
  for (let row = 0; row < rows; row++) {
    store<u16>(to, rowStart)
    to = copyText(row, to + 2)
    for (let column = 0; column < columns; column++) {
      const value = load<f64>(numbersAt + 8 * <usize>(column * rows + row))
      store<u8>(to, comma)
      if (abs(value) === Infinity) return -1
      if (abs(value) < Infinity) to = printNumber(value, to + 1)
      else {
        store<u32>(to, nullWord, 1)
        to += 5
      }
    }
    store<u8>(to, rowEnd)
    to += 1
    store<u32>(rowEndsAt + 4 * <usize>row, <u32>(to - targetAt))
  }
  return <i32>(to - targetAt)
}

function copyText(row: i32, to: usize): usize {
  const start = textsAt + <usize>(row === 0 ? 0 : load<u32>(textEndsAt + 4 * <usize>(row - 1)))
  const length = textsAt + <usize>load<u32>(textEndsAt + 4 * <usize>row) - start
  for (let at: usize = 0; at < length; at += 16) v128.store(to + at, v128.load(start + at))
  return to + length
}
