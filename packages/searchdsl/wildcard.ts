/** Whether the whole value matches `*` (any run) and `?` (one character), where a backslash takes the next character as itself.
 *  Linear in practice, never exponential: only the last `*` is ever tried again. */
export function matchesWildcard(pattern: string, value: string): boolean {
  let at = 0
  let star = -1
  let starAt = 0
  for (let position = 0; position < value.length; ) {
    const step = stepAt(pattern, at, value, position)
    if (pattern[at] === '*') {
      star = ++at
      starAt = position
    } else if (step !== undefined) {
      at += step.pattern
      position += step.value
    } else if (star >= 0) {
      at = star
      starAt += widthAt(value, starAt)
      position = starAt
    } else return false
  }
  while (pattern[at] === '*') at++
  return at >= pattern.length
}

function widthAt(value: string, at: number): number {
  return (value.codePointAt(at) ?? 0) > 0xffff ? 2 : 1
}

interface Step {
  readonly pattern: number
  readonly value: number
}

// biome-ignore lint/complexity/useMaxParams: the inner step of a scan, called once a character.
function stepAt(pattern: string, at: number, value: string, position: number): Step | undefined {
  const char = pattern[at]
  if (char === undefined || char === '*') return undefined
  if (char === '?') return { pattern: 1, value: widthAt(value, position) }
  const escaped = char === '\\' && at + 1 < pattern.length
  const literal = escaped ? pattern[at + 1] : char
  return literal === value[position] ? { pattern: escaped ? 2 : 1, value: 1 } : undefined
}

/** The longest run of characters that every match must contain. */
export function longestLiteral(pattern: string): string {
  let longest = ''
  for (const part of pattern.match(/(?:\\[\s\S]|[^*?\\])+/g) ?? []) {
    const literal = part.replace(/\\([\s\S])/g, '$1')
    if (literal.length > longest.length) longest = literal
  }
  return longest
}
