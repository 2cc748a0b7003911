import { isNestedTooDeep } from '../logs/nesting.ts'
import { mask } from './patterns.ts'
import type { Redactor } from './redact.ts'

/** What dead letters keep of bytes: their secrets are masked. A line that is a JSON object stays one, so that it can be sent again; bytes without a secret are the given ones. */
export function redactKept(bytes: Uint8Array, redactor: Redactor): Uint8Array {
  const text = Buffer.from(bytes).toString()
  const masked = redactLines(text.split('\n'), redactor).join('\n')
  // Bytes that are no UTF-8 stay as they are where nothing is masked.
  return masked === text ? bytes : Buffer.from(masked)
}

/** Lines that are no JSON are read together: a key in PEM has several. */
function redactLines(lines: readonly string[], redactor: Redactor): readonly string[] {
  const masked: string[] = []
  let plain: string[] = []
  const endPlain = () => {
    if (plain.length > 0) masked.push(redactor.text(plain.join('\n')))
    plain = []
  }
  for (const line of lines) {
    const value = parseObject(line)
    if (value === undefined) {
      plain.push(line)
      continue
    }
    endPlain()
    const kept = JSON.stringify(redactValue(value, redactor))
    masked.push(kept === JSON.stringify(value) ? line : kept)
  }
  endPlain()
  return masked
}

/** Undefined also where it has too many levels to be printed. */
function parseObject(line: string): object | undefined {
  if (!line.trimStart().startsWith('{')) return undefined
  try {
    const value: object = JSON.parse(line)
    return isNestedTooDeep(value) ? undefined : value
  } catch {
    return undefined
  }
}

function redactValue(value: unknown, redactor: Redactor): unknown {
  if (typeof value === 'string') return redactor.text(value)
  if (Array.isArray(value)) return value.map((each) => redactValue(each, redactor))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      isPlain(member) && redactor.isSecretKey(key) ? mask : redactValue(member, redactor),
    ]),
  )
}

const isPlain = (value: unknown): boolean =>
  value !== null && ['string', 'number', 'boolean'].includes(typeof value)
