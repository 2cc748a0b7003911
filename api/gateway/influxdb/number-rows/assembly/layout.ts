/** Where things stand in the module's memory: all of it is given out here, none grows. Vectors of 16 bytes are read and written whole, so that each part has room for one more behind it. */

const page: usize = 65_536
const spare: usize = 64

/** The digits of one number, padded with zeros in front. */
export const digitsAt: usize = 1024

/** Powers of ten from `leastPower` on, 128 bits of each, low half first, rounded up: the host puts them there. */
export const leastPower: i32 = -292
export const powers: i32 = 617
export const powersAt: usize = digitsAt + spare

export const maxRows: i32 = 2048
/** Of all columns together. */
export const maxNumbers: i32 = 8192
/** What each row begins with, one text after the other. */
export const textBytes: usize = 48 * <usize>maxRows
export const textsAt: usize = powersAt + 16 * <usize>powers + spare
/** Where each text ends, from `textsAt`, four bytes each. */
export const textEndsAt: usize = textsAt + textBytes + spare
/** Column after column, eight bytes each. */
export const numbersAt: usize = textEndsAt + 4 * <usize>maxRows

/** The longest number has 25 bytes. */
const numberBytes: usize = 32
const rowBytes: usize = 8
export const targetAt: usize = numbersAt + 8 * <usize>maxNumbers + spare
export const targetBytes: usize =
  textBytes + rowBytes * <usize>maxRows + numberBytes * <usize>maxNumbers

/** Where each row ends, from `targetAt`, four bytes each. */
export const rowEndsAt: usize = targetAt + targetBytes + spare

export const end: usize = rowEndsAt + 4 * <usize>maxRows
export const pages: i32 = <i32>((end + page - 1) / page)
