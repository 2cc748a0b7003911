import { matchAt } from './match-at.ts'

export interface StructuredData {
  /** `<id>.<parameter>` and the value, escapes undone; undefined without any. */
  readonly data: Record<string, string> | undefined
  /** Behind it. */
  readonly end: number
}

const id = /[^\s=\]"]{1,64}/y
const parameter = / ([^\s=\]"]{1,64})="((?:[^"\\\]]|\\[\s\S])*)"/y
const escaped = /\\(["\\\]])/g

/** One `[id name="value" …]` at an offset; the offset behind it, or undefined when it is not one. */
function parseElement(
  text: string,
  start: number,
  data: Record<string, string>,
): number | undefined {
  const name = matchAt(id, text, start + 1)?.[0]
  if (name === undefined) return undefined
  let at = start + 1 + name.length
  for (;;) {
    const found = matchAt(parameter, text, at)
    if (found === undefined) break
    const [whole, key = '', value = ''] = found
    data[`${name}.${key}`] = value.includes('\\') ? value.replace(escaped, '$1') : value
    at += whole.length
  }
  return text[at] === ']' ? at + 1 : undefined
}

/** Reads `-` or elements at an offset: https://www.rfc-editor.org/rfc/rfc5424#section-6.3
 *  Undefined when what stands there is neither. */
export function parseStructuredData(text: string, start: number): StructuredData | undefined {
  if (text[start] === '-') return { data: undefined, end: start + 1 }
  const data: Record<string, string> = Object.create(null)
  let at = start
  while (text[at] === '[') {
    const end = parseElement(text, at, data)
    if (end === undefined) return undefined
    at = end
  }
  return at === start ? undefined : { data, end: at }
}
