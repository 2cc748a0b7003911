import { checkLabels, type Label } from './push.ts'

const maxUnits = 65_536

/** `name="value"` with Go's escapes, and the comma or the end behind it. */
const pair = /\s*([A-Za-z_][A-Za-z0-9_.]*)\s*=\s*"((?:[^"\\\n]|\\.)*)"\s*(?:,|$)/y

const escapes: Readonly<Record<string, string>> = {
  ...{ a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' },
}
const escapeSequence = /\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)/g

/** https://go.dev/ref/spec#String_literals; what is no escape of Go's stands for its character. */
function unescaped(text: string): string {
  if (!text.includes('\\')) return text
  return text.replace(escapeSequence, (found) => {
    const code = found.slice(2)
    if (code !== '') return String.fromCharCode(Number.parseInt(code, 16))
    const character = found.slice(1)
    return escapes[character] ?? character
  })
}

/** Reads `{job="a", host="b"}`. Throws for what is none. */
export function parseLabels(text: string): readonly Label[] {
  const trimmed = text.trim()
  const problem = (): Error => new Error(`unreadable labels: ${text.slice(0, 128)}`)
  if (text.length > maxUnits || !trimmed.startsWith('{') || !trimmed.endsWith('}')) throw problem()
  const inner = trimmed.slice(1, -1).trim()
  const labels: Label[] = []
  for (pair.lastIndex = 0; pair.lastIndex < inner.length; ) {
    const match = pair.exec(inner)
    if (match === null) throw problem()
    const [, name = '', value = ''] = match
    labels.push([name, unescaped(value)])
  }
  return checkLabels(labels)
}
