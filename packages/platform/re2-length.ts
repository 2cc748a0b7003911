/** One piece of RE2's syntax: https://github.com/google/re2/wiki/Syntax */
const tokens =
  /\\Q[\s\S]*?(?:\\E|$)|\\[pP](?:\{[^}]*\}|.)|\\[\s\S]|\[\^?\]?(?:\\[\s\S]|\[:\^?\w+:\]|[^\\\]])*\]|\{\d+(?:,\d*)?\}|[\s\S]/gu

/** What a class of Unicode takes, compared with a character: it has hundreds of ranges. */
const unicodeClass = 8

/** How long a regex is with its repetitions written out, as RE2 does: what compiling it takes, and what a step of a match may. Never less; of what is no regex it says nothing. */
export function expandedLength(source: string): number {
  /** Of each group that is open. */
  const open = [0]
  let last = 0
  for (const [token] of source.matchAll(tokens)) {
    if (token === '(') {
      open.push(0)
      continue
    }
    if (token === ')' && open.length > 1) last = (open.pop() ?? 0) + 2
    else last = more(token, last)
    open.push((open.pop() ?? 0) + last)
  }
  return open.reduce((sum, length) => sum + length, 0)
}

/** What a piece adds behind one of that length. */
function more(token: string, last: number): number {
  const times = /^\{(\d+)(?:,(\d*))?\}$/.exec(token)
  if (times !== null) return last * (Math.max(1, Number(times[1]), Number(times[2] ?? 0)) - 1)
  if (/^\\[pP]/.test(token)) return unicodeClass
  if (token.length > 1 && token.startsWith('['))
    return 1 + unicodeClass * (token.match(/\\[pP]/g)?.length ?? 0)
  return token.startsWith('\\Q') ? token.length : 1
}
