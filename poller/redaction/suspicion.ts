import { mayNameSecret } from './keywords.ts'

/** What a byte of a JSON string asks for. Letters, spaces and most digits ask for nothing, so that a string costs one look a byte. */
const quote = 0x22
const plain = 0
const quoteClass = 1
const backslashClass = 2
const controlClass = 3

const classes = {
  assign: 4,
  at: 5,
  underscore: 6,
  hyphen: 7,
  capitalA: 8,
  capitalJ: 9,
  b: 10,
  digit: 11,
}

function createTable(isWatched: boolean): Uint8Array {
  const table = new Uint8Array(256)
  table.fill(controlClass, 0, 0x20)
  table[0x22] = quoteClass
  table[0x5c] = backslashClass
  if (!isWatched) return table
  const watched: readonly (readonly [string, number])[] = [
    ['=:', classes.assign],
    ['@', classes.at],
    ['_', classes.underscore],
    ['-', classes.hyphen],
    ['A', classes.capitalA],
    ['J', classes.capitalJ],
    ['Bb', classes.b],
    ['23456', classes.digit],
  ]
  for (const [letters, kind] of watched)
    for (const letter of letters) table[letter.charCodeAt(0)] = kind
  return table
}

const watchedTable = createTable(true)
const plainTable = createTable(false)

/** `"`, `\`, `b`, `f`, `n`, `r`, `t`: what stands for one byte; `\/` and `\u` could hide a secret, and are left to the parser. */
const isSimpleEscape = (byte: number | undefined): boolean =>
  byte === 0x22 ||
  byte === 0x5c ||
  byte === 0x62 ||
  byte === 0x66 ||
  byte === 0x6e ||
  byte === 0x72 ||
  byte === 0x74

const doubtful = -1

/** Where the JSON string that starts here (after its quote) ends; -1 when it is not valid, has an escape that needs a parser, or, being watched, may hold a secret. */
export function endOfString(bytes: Uint8Array, start: number, isWatched: boolean): number {
  const table = isWatched ? watchedTable : plainTable
  for (let at = start; at >= 0; at = passByte(bytes, at, start)) {
    // Past the end is a control byte.
    while (table[bytes[at] ?? 0] === plain) at += 1
    if (bytes[at] === quote) return at
  }
  return doubtful
}

/** Where to go on after a byte that is not plain; -1 when the parser must look, or a secret may be there. */
function passByte(bytes: Uint8Array, at: number, start: number): number {
  const kind = watchedTable[bytes[at] ?? 0]
  if (kind === backslashClass) return isSimpleEscape(bytes[at + 1]) ? at + 2 : doubtful
  if (kind === classes.digit) return passDigits(bytes, at, start)
  return kind === controlClass || isSuspect(bytes, at, start) ? doubtful : at + 1
}

function isSuspect(bytes: Uint8Array, at: number, start: number): boolean {
  const kind = watchedTable[bytes[at] ?? 0] ?? plain
  switch (kind) {
    case classes.assign:
      return mayNameSecret(bytes, at, start)
    case classes.at:
      return followsScheme(bytes, at, start)
    case classes.underscore:
      return followsTokenPrefix(bytes, at)
    case classes.hyphen:
      return hasText(bytes, at - 4, slack) || hasText(bytes, at, dashes)
    case classes.capitalA:
      return hasText(bytes, at + 1, kia) || hasText(bytes, at + 1, sia)
    case classes.capitalJ:
      return bytes[at - 1] === 0x79 && bytes[at - 2] === 0x65
    default:
      return hasText(bytes, at + 1, earer)
  }
}

const toBytes = (text: string): Uint8Array =>
  Uint8Array.from(text, (letter) => letter.charCodeAt(0))
const dashes = toBytes('-----')
const slack = toBytes('xox')
const kia = toBytes('KIA')
const sia = toBytes('SIA')
const earer = toBytes('earer')
const wrn = toBytes('wrn')

function hasText(bytes: Uint8Array, start: number, text: Uint8Array): boolean {
  for (let at = 0; at < text.length; at += 1) if (bytes[start + at] !== text[at]) return false
  return true
}

/** `ghp_` and its kin, `sk_`, `rk_`, `wrn_`. */
function followsTokenPrefix(bytes: Uint8Array, at: number): boolean {
  if (bytes[at - 3] === 0x67 && bytes[at - 2] === 0x68) return true
  return bytes[at - 1] === 0x6b || hasText(bytes, at - 3, wrn)
}

/** More than a URL's user and password may be, doubled escapes included. */
const maxCredentials = 640

function followsScheme(bytes: Uint8Array, at: number, start: number): boolean {
  const first = Math.max(start, at - maxCredentials)
  for (let back = at - 1; back > first; back -= 1)
    if (bytes[back] === 0x2f && bytes[back - 1] === 0x2f) return true
  return false
}

const isDigit = (byte: number | undefined): boolean =>
  byte !== undefined && byte >= 0x30 && byte <= 0x39
const isGap = (byte: number | undefined): boolean => byte === 0x20 || byte === 0x2d
/** The shortest card number. */
const cardDigits = 13

/** Passes digits with single gaps between them; -1 for as many as a card has. */
function passDigits(bytes: Uint8Array, start: number, stringStart: number): number {
  if (start > stringStart && isDigit(bytes[start - 1])) return start + 1
  let digits = 0
  let at = start
  while (isDigit(bytes[at]) || (isGap(bytes[at]) && isDigit(bytes[at + 1]))) {
    if (isDigit(bytes[at])) digits += 1
    at += 1
  }
  return digits >= cardDigits ? doubtful : at
}
