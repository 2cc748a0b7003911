import { Refusal } from '../../http/refusal.ts'

const refuse = (why: string): Refusal => new Refusal('bad_request', `the path ${why}`)

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be in a path.
const forbidden = /[\u0000-\u001f\u007f\\/]/

function decode(segment: string): string {
  let text: string
  try {
    text = decodeURIComponent(segment)
  } catch {
    throw refuse('holds a malformed % escape')
  }
  if (forbidden.test(text))
    throw refuse('holds an encoded slash, a backslash or a control character')
  if (text === '.' || text === '..') throw refuse('leaves its place')
  return text
}

/** The segments of a path as they were sent, decoded once, repeated slashes as one. What could mean another path to someone else is refused. */
export function parsePath(path: string): readonly string[] {
  return path
    .split('/')
    .filter((segment) => segment !== '')
    .map(decode)
}
