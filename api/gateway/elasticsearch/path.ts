import { Refusal } from '../../http/refusal.ts'

const refuse = (why: string): Refusal => new Refusal('bad_request', `the path ${why}`)

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be in a path.
const forbidden = /[\u0000-\u001f\u007f\\/]/
/** An encoded slash rounds a date; what it is in names no path, for we resolve it. */
const dateMath = /<[^<>]*>/g

function decode(segment: string): string {
  let text: string
  try {
    text = decodeURIComponent(segment)
  } catch {
    throw refuse('holds a malformed % escape')
  }
  if (forbidden.test(text.replace(dateMath, (math) => math.replaceAll('/', ''))))
    throw refuse('holds an encoded slash, a backslash or a control character')
  if (text === '.' || text === '..') throw refuse('leaves its place')
  return text
}

/** The segments of a path as they were sent, decoded once, repeated slashes as one. What could mean another path to someone else is refused. */
export function parsePath(path: string): readonly string[] {
  return joinDateMath(
    path
      .split('/')
      .filter((segment) => segment !== '')
      .map(decode),
  )
}

/** `<logs-{now/d}>` comes from Grafana with the slash as it is: what opens one goes on to where it closes. */
function joinDateMath(segments: readonly string[]): readonly string[] {
  const open = segments.findIndex((one) => one.lastIndexOf('<') > one.lastIndexOf('>'))
  const close = segments.findIndex((one, at) => at > open && one.includes('>'))
  if (open < 0 || close < 0) return segments
  const whole = segments.slice(open, close + 1).join('/')
  return [...segments.slice(0, open), whole, ...segments.slice(close + 1)]
}
