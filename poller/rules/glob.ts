/** Whether a name fits a pattern in which `*` stands for any letters. Linear in name times pattern: it never looks back further than the last `*`. */
export function isMatch(pattern: string, name: string): boolean {
  let at = 0
  let star = -1
  let resume = 0
  for (let letter = 0; letter < name.length; ) {
    if (pattern[at] === '*') {
      star = at
      at += 1
      resume = letter
    } else if (pattern[at] === name[letter]) {
      at += 1
      letter += 1
    } else if (star >= 0) {
      at = star + 1
      resume += 1
      letter = resume
    } else return false
  }
  while (pattern[at] === '*') at += 1
  return at === pattern.length
}

/** One of them; absent is all. */
export const isAny = (patterns: readonly string[] | undefined, name: string): boolean =>
  patterns === undefined || patterns.some((pattern) => isMatch(pattern, name))
