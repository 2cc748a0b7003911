/** RE2 source of a regex that finds every text but these. */
export function regexOfOthers(names: readonly string[]): string {
  return `(?s)^(?:${otherEnds(names)})`
}

/** What begins any text but these ends: where it ends, where it goes another way, or where it goes on as one of them and then differs. */
function otherEnds(ends: readonly string[]): string {
  const ways = new Map<string, string[]>()
  for (const end of ends) {
    const [first, ...rest] = end
    if (first !== undefined) ways.set(first, [...(ways.get(first) ?? []), rest.join('')])
  }
  const firsts = [...ways.keys()].map(escaped)
  const other = firsts.length === 0 ? '.' : `[^${firsts.join('')}]`
  const along = [...ways].map(([first, rest]) => `${escaped(first)}(?:${otherEnds(rest)})`)
  return [...(ends.includes('') ? [] : ['$']), other, ...along].join('|')
}

/** For a character class as well. */
const escaped = (character: string): string =>
  /^[\p{L}\p{N}_]$/u.test(character) ? character : `\\x{${character.codePointAt(0)?.toString(16)}}`
