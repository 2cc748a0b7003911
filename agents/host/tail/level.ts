import { type Level, levelOfWord, levelWords } from '@warren/contracts/log-level'

const words = levelWords.join('|')
/** `level=warn`, `"level":"warn"`, `[warn]`, `<warn>`, in any case. */
const labelled = new RegExp(
  `(?:\\b(?:level|lvl|severity)"?\\s*[=:]\\s*"?|[[<])\\s*(${words})\\s*(?=["\\]>\\s,;]|$)`,
  'i',
)
/** A bare word counts only in capitals: "no error found" is no error. */
const capitals = new RegExp(`(?<![\\w-])(${words.toUpperCase()})(?![\\w-])`)
/** Levels stand near the start; a long line is not searched to its end. */
const searched = 256

/** The level that a line names, by its words; undefined when it names none. */
export function levelOf(line: string): Level | undefined {
  const start = line.slice(0, searched)
  const word = (labelled.exec(start) ?? capitals.exec(start))?.[1]
  return word === undefined ? undefined : levelOfWord(word)
}
