import { foldCase, isFoldable } from './fold-case.ts'

/** A regex that is a list of texts, as a dashboard makes of a variable with many values: `^(a|b\.c)$`, `(?i)^(a|b\.c)$`. */
export interface LiteralList {
  /** Folded where case does not count. */
  readonly texts: ReadonlySet<string>
  /** They begin with the text that is matched (`^`), */
  readonly atStart: boolean
  /** or end with it (`$`). */
  readonly atEnd: boolean
  /** `(?i)` */
  readonly ignoresCase: boolean
}

const escaped = /\\([ -/:-@[-`{-~])/g
/** Characters that stand for themselves, or are made to: what is neither is for RE2. */
const literal = /^(?:[^\\.+*?()|[\]{}^$]|\\[ -/:-@[-`{-~])*$/

/** Each length is a look at each place of the text. */
const mostLengths = 64

/** Undefined: it is something else, which takes RE2 to be read. Takes time in proportion to its length. */
export function toLiteralList(source: string): LiteralList | undefined {
  const [start, ...marks] = /^(\(\?i\))?(\^)?(\(\?i\))?/.exec(source) ?? ['']
  const atStart = marks.includes('^')
  const atEnd = source.endsWith('$') && !endsInEscape(source)
  const body = source.slice(start.length, atEnd ? -1 : undefined)
  const [, flags, group] = /^\((?:\?(i?):)?([\s\S]*)\)$/.exec(body) ?? []
  const ignoresCase = marks.includes('(?i)') || flags === 'i'
  // `a|^b` binds its ends to one text each.
  const alternatives = group === undefined ? [body] : splitAlternatives(group)
  const texts = textsOf(alternatives, ignoresCase)
  if (texts === undefined) return undefined
  const isQuick = (atStart && atEnd) || lengthsOf(texts).length <= mostLengths
  return isQuick ? { texts, atStart, atEnd, ignoresCase } : undefined
}

function textsOf(alternatives: readonly string[], ignoresCase: boolean) {
  if (!alternatives.every((each) => literal.test(each))) return undefined
  const texts = alternatives.map((each) => each.replace(escaped, '$1'))
  if (!ignoresCase) return new Set(texts)
  return texts.every(isFoldable) ? new Set(texts.map(foldCase)) : undefined
}

const lengthsOf = (texts: ReadonlySet<string>): readonly number[] => [
  ...new Set([...texts].map(({ length }) => length)),
]

/** Whether the last character is escaped: an odd number of backslashes stands before it. */
function endsInEscape(source: string): boolean {
  let backslashes = 0
  while (source[source.length - 2 - backslashes] === '\\') backslashes++
  return backslashes % 2 === 1
}

/** Parted at each `|` that is not escaped. */
function splitAlternatives(group: string): readonly string[] {
  const parts: string[] = []
  let from = 0
  for (let at = 0; at < group.length; at++) {
    if (group[at] === '\\') at++
    else if (group[at] === '|') {
      parts.push(group.slice(from, at))
      from = at + 1
    }
  }
  return [...parts, group.slice(from)]
}

/** Whether a text has one of them where the list wants it. Takes as long for ten thousand texts as for ten: a look for each place and length. */
export function matcherOfList(list: LiteralList): (text: string) => boolean {
  const has = matcherOfTexts(list)
  return list.ignoresCase ? (text) => has(foldCase(text)) : has
}

function matcherOfTexts({ texts, atStart, atEnd }: LiteralList): (text: string) => boolean {
  if (atStart && atEnd) return (text) => texts.has(text)
  const lengths = lengthsOf(texts)
  const hasAt = (text: string, at: number): boolean =>
    lengths.some((length) => at + length <= text.length && texts.has(text.slice(at, at + length)))
  if (atStart) return (text) => hasAt(text, 0)
  if (atEnd) return (text) => lengths.some((length) => texts.has(endOf(text, length)))
  return (text) => {
    for (let at = 0; at <= text.length; at++) if (hasAt(text, at)) return true
    return false
  }
}

/** Shorter where the text is, and then none of that length. */
const endOf = (text: string, length: number): string => (length === 0 ? '' : text.slice(-length))
