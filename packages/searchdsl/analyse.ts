/** Elasticsearch's standard analyzer: words by Unicode's UAX #29 as Lucene's StandardTokenizer cuts them, lower-cased code point by code point.
 *  https://www.elastic.co/docs/reference/text-analysis/analysis-standard-analyzer */

export interface WordSpan {
  /** UTF-16 offsets in the text, end exclusive. */
  readonly start: number
  readonly end: number
  /** Lower-cased. */
  readonly term: string
}

/** A longer word is cut into pieces of this many UTF-16 units. */
const maxWordLength = 255

/** The words of a text, lower-cased, in order. */
export function analyse(text: string): readonly string[] {
  const words: string[] = []
  eachWord(text, (term) => words.push(term))
  return words
}

/** The words of a text with their places. */
export function analyseSpans(text: string): readonly WordSpan[] {
  const spans: WordSpan[] = []
  eachWord(text, (term, start, end) => spans.push({ start, end, term }))
  return spans
}

/** Whether a text has more words than that; looks no further. */
export function hasMoreWords(text: string, count: number): boolean {
  let words = 0
  eachWord(text, () => ++words <= count)
  return words > count
}

/** Answers `false` when it has seen enough. */
type Visit = (term: string, start: number, end: number) => unknown

// biome-ignore lint/suspicious/noControlCharactersInRegex: the range is ASCII.
const notAscii = /[^\u0000-\u007f]/

function eachWord(text: string, visit: Visit): void {
  if (notAscii.test(text)) eachUnicodeWord(text, visit)
  else eachAsciiWord(text, visit)
}

/** UAX #29 word-break classes of ASCII, as of the Unicode 9 tables that Lucene generates from. */
const other = 0
const letter = 1
const digit = 2
/** Joins, but is no word alone. */
const underscore = 3
/** Joins two letters. */
const midLetter = 4
/** Joins two digits. */
const midNumber = 5
/** Joins two letters or two digits. */
const midBoth = 6

const classes = new Uint8Array(128)
for (let code = 0; code < 128; code++) {
  const char = String.fromCharCode(code)
  if (/[A-Za-z]/.test(char)) classes[code] = letter
  else if (/\d/.test(char)) classes[code] = digit
  else if (char === '_') classes[code] = underscore
  else if (char === ':') classes[code] = midLetter
  else if (char === ',' || char === ';') classes[code] = midNumber
  else if (char === '.' || char === "'") classes[code] = midBoth
}

function classAt(text: string, at: number): number {
  return at < text.length ? (classes[text.charCodeAt(at)] ?? other) : other
}

function eachAsciiWord(text: string, visit: Visit): void {
  const lower = text.toLowerCase()
  for (let at = 0; at < lower.length; ) {
    const kind = classAt(lower, at)
    if (kind === other || kind > underscore) {
      at++
      continue
    }
    const end = asciiWordEnd(lower, at)
    if (hasLetterOrDigit(lower, at, end) && visit(lower.slice(at, end), at, end) === false) return
    at = end
  }
}

function asciiWordEnd(text: string, start: number): number {
  const limit = start + maxWordLength
  let at = start
  let previous = other
  while (at < limit) {
    const kind = classAt(text, at)
    if (kind === other) break
    if (kind > underscore && !(at + 1 < limit && joins(kind, previous, classAt(text, at + 1))))
      break
    previous = kind
    at++
  }
  return at
}

function joins(kind: number, before: number, after: number): boolean {
  if (before !== after) return false
  return before === letter ? kind !== midNumber : before === digit && kind !== midLetter
}

function hasLetterOrDigit(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (classAt(text, at) !== underscore) return true
  return false
}

const extend = String.raw`[\p{M}\p{Cf}]*`
const singles = String.raw`\p{Script=Han}\p{Script=Hiragana}`
const southEastAsian = String.raw`\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}`
const katakana = String.raw`(?:[\p{Script=Katakana}\u30fc\uff70\u3031-\u3035\u309b\u309c\u30a0]${extend})`
const alpha = String.raw`(?:[[\p{Alphabetic}]--[${singles}${southEastAsian}\p{Script=Katakana}\p{M}\u30fc\uff70]]${extend})`
const number = String.raw`(?:\p{Nd}${extend})`
const joiner = String.raw`(?:\p{Pc}${extend})`
const midA = String.raw`(?:[:.'\u00b7\u0387\u05f4\u2018\u2019\u2024\u2027\ufe13\ufe52\ufe55\uff07\uff0e\uff1a]${extend}|(?<=[\u05d0-\u05ea])"(?=[\u05d0-\u05ea]))`
const midN = String.raw`(?:[,;.'\u037e\u0589\u060c\u060d\u066c\u07f8\u2018\u2019\u2024\u2044\ufe10\ufe14\ufe50\ufe52\ufe54\uff07\uff0c\uff0e\uff1b]${extend})`
const run = `(?:${katakana}(?:${joiner}*${katakana})*|(?:${number}(?:(?:${joiner}*|${midN})${number})*|${alpha}(?:(?:${joiner}*|${midA})${alpha})*)+)`
const unicodeWord = new RegExp(
  String.raw`\p{RGI_Emoji}|${joiner}*${run}(?:${joiner}+${run})*${joiner}*|[${singles}]${extend}|[${southEastAsian}][${southEastAsian}\p{M}\p{Cf}]*|(?<noWord>${joiner}+)`,
  'gv',
)

function eachUnicodeWord(text: string, visit: Visit): void {
  for (const { 0: word, index, groups } of text.matchAll(unicodeWord)) {
    // Joiners without a letter are matched so that each is looked at once only.
    if (groups?.['noWord'] !== undefined) continue
    for (let at = 0; at < word.length; at += maxWordLength) {
      const piece = word.slice(at, at + maxWordLength)
      if (visit(lowerCase(piece), index + at, index + at + piece.length) === false) return
    }
  }
}

/** As Java's `Character.toLowerCase`: one code point gives one, wherever it stands. */
function lowerCase(word: string): string {
  const lower = word.toLowerCase()
  if (!/[\u0130\u03a3]/.test(word)) return lower
  return Array.from(word, (char) => (char === '\u0130' ? 'i' : char.toLowerCase())).join('')
}
