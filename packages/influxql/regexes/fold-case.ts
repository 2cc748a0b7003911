const only = (folded: string, unit: string): string => (folded.length === 1 ? folded : unit)

/** Units that RE2 pairs and JavaScript's case mappings do not: of texts with one of them nothing is known. */
const unknown = /[\u0390\u03b0\u1fd3\u1fe3\ufb05\ufb06\ud800-\udfff]/

/** Whether `foldCase` makes of this text and of any other the same exactly where RE2's `(?i)` takes them for one another. */
export const isFoldable = (text: string): boolean => !unknown.test(text)

function foldUnit(unit: string): string {
  // To RE2 it is a letter of its own, not an i.
  if (unit === 'ı') return unit
  const upper = only(unit.toUpperCase(), unit)
  return only(upper.toLowerCase(), upper)
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII.
const ascii = /^[\u0000-\u007f]*$/

/** The text without its case, as RE2's `(?i)` compares: by simple folding, unit by unit, so that each keeps its place. */
export function foldCase(text: string): string {
  if (ascii.test(text)) return text.toLowerCase()
  let folded = ''
  for (let at = 0; at < text.length; at++) folded += foldUnit(text[at] ?? '')
  return folded
}
