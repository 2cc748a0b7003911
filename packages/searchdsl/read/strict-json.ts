import { malformed, refused } from '../errors.ts'
import { limits } from '../limits.ts'

interface Limits {
  readonly depth: number
}

/** Values of the texts that were read so far. */
export interface JsonSpent {
  jsonValues: number
}

interface Cursor {
  readonly text: string
  at: number
  readonly depth: number
  readonly spent: JsonSpent
}

const whitespace = /[ \t\n\r]*/y
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
/** RFC 8259 §7: no control characters, only the listed escapes. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are exactly what JSON forbids.
const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y

/** RFC 8259, refusing what `JSON.parse` lets pass and another reader may read differently: a key twice, `__proto__`, deep nesting, a byte order mark.
 *  Objects come without a prototype. Throws a `SearchError`, also when there are too many values with those that were read before. */
export function parseStrictJson(
  text: string,
  { depth }: Limits,
  spent: JsonSpent = { jsonValues: 0 },
): unknown {
  if (text.startsWith('\ufeff')) throw malformed('the body starts with a byte order mark')
  const cursor = { text, at: 0, depth, spent }
  const value = parseValue(cursor, 0)
  skipSpace(cursor)
  if (cursor.at < text.length) throw unexpected(cursor)
  return value
}

function skipSpace(cursor: Cursor): void {
  // Senders write none: the expression is not asked for nothing.
  if (cursor.text.charCodeAt(cursor.at) > 0x20) return
  whitespace.lastIndex = cursor.at
  whitespace.test(cursor.text)
  cursor.at = whitespace.lastIndex
}

function unexpected(cursor: Cursor): Error {
  const found = cursor.text.slice(cursor.at, cursor.at + 20)
  const what = found === '' ? 'the body ends too early' : `unexpected [${found}]`
  return malformed(`${what} at character ${cursor.at} of the JSON`)
}

function parseValue(cursor: Cursor, depth: number): unknown {
  if (depth > cursor.depth) throw malformed(`JSON nested deeper than ${cursor.depth} levels`)
  if (++cursor.spent.jsonValues > limits.jsonValues)
    throw refused(
      `more than ${limits.jsonValues} values in the JSON of one body; ask in several requests`,
    )
  skipSpace(cursor)
  const first = cursor.text[cursor.at]
  if (first === '{') return parseObject(cursor, depth)
  if (first === '[') return parseArray(cursor, depth)
  return first === '"' ? parseString(cursor) : parseLiteral(cursor)
}

function parseObject(cursor: Cursor, depth: number): unknown {
  const object: Record<string, unknown> = Object.create(null)
  parseList(cursor, '}', () => {
    skipSpace(cursor)
    if (cursor.text[cursor.at] !== '"') throw unexpected(cursor)
    const key = parseString(cursor)
    if (key === '__proto__') throw malformed('key [__proto__] is not accepted')
    if (Object.hasOwn(object, key)) throw malformed(`duplicate key [${key}]`)
    skipSpace(cursor)
    if (cursor.text[cursor.at] !== ':') throw unexpected(cursor)
    cursor.at++
    object[key] = parseValue(cursor, depth + 1)
  })
  return object
}

function parseArray(cursor: Cursor, depth: number): unknown {
  const array: unknown[] = []
  parseList(cursor, ']', () => array.push(parseValue(cursor, depth + 1)))
  return array
}

function parseList(cursor: Cursor, end: string, parseItem: () => void): void {
  cursor.at++
  skipSpace(cursor)
  if (cursor.text[cursor.at] === end) {
    cursor.at++
    return
  }
  for (;;) {
    parseItem()
    skipSpace(cursor)
    const next = cursor.text[cursor.at]
    if (next !== ',' && next !== end) throw unexpected(cursor)
    cursor.at++
    if (next === end) return
  }
}

function take(cursor: Cursor, pattern: RegExp): string | undefined {
  pattern.lastIndex = cursor.at
  const found = pattern.exec(cursor.text)?.[0]
  if (found !== undefined) cursor.at += found.length
  return found
}

function parseString(cursor: Cursor): string {
  const plain = plainString(cursor)
  if (plain !== undefined) return plain
  const found = take(cursor, string)
  if (found === undefined) throw unexpected(cursor)
  return JSON.parse(found)
}

/** A text without escapes is what stands between its quotes; undefined for any other. */
function plainString(cursor: Cursor): string | undefined {
  const { text, at } = cursor
  if (text[at] !== '"') return undefined
  for (let end = at + 1; end < text.length; end++) {
    const code = text.charCodeAt(end)
    if (code === 0x5c || code < 0x20) return undefined
    if (code !== 0x22) continue
    cursor.at = end + 1
    return text.slice(at + 1, end)
  }
  return undefined
}

const literals = [
  ['true', true],
  ['false', false],
  ['null', null],
] as const

function parseLiteral(cursor: Cursor): unknown {
  for (const [name, value] of literals)
    if (cursor.text.startsWith(name, cursor.at)) {
      cursor.at += name.length
      return value
    }
  const found = take(cursor, number)
  if (found === undefined) throw unexpected(cursor)
  return Number(found)
}
