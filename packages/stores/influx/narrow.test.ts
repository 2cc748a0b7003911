import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseRetryAfter } from '../retry-after.ts'
import type { LineBatch } from '../write-outcome.ts'
import type { WriteResult } from './write-failure.ts'
import { writeLines } from './write-lines.ts'

function toBatch(lines: readonly string[]): LineBatch {
  const texts = lines.map((line) => Buffer.from(`${line}\n`))
  const starts = Uint32Array.from([0, ...texts.map(({ length }) => length)])
  for (let index = 1; index < starts.length; index++)
    starts[index] = (starts[index] ?? 0) + (starts[index - 1] ?? 0)
  return { tenant: 'default', bytes: Buffer.concat(texts), starts }
}

const isGood = (line: string): boolean => !/[!?"]/.test(line)

/** InfluxDB 1.6's answer to these lines by rules the batch does not know: `!` cannot be parsed, `"` is a conflict, `?` is blamed without a name. */
function judgement(lines: readonly string[]): string | undefined {
  const conflicts = lines.filter((line) => line.includes('v="'))
  if (conflicts.length > 0)
    return `partial write: field type conflict: input field "v" on measurement "m" is type string, already exists as type float dropped=${conflicts.length}`
  const vague = lines.filter((line) => line.includes('?'))
  if (vague.length > 0)
    return `partial write: points beyond retention policy dropped=${vague.length}`
  const bad = lines.filter((line) => line.includes('!'))
  if (bad.length === 0) return undefined
  const quoted = bad.map((line) => `unable to parse '${line}': why`).join('\n')
  return bad.length === lines.length ? quoted : `partial write: ${quoted} dropped=0`
}

const judge =
  (stored: Set<string>) =>
  async (pieces: readonly Uint8Array[]): Promise<WriteResult> => {
    const lines = Buffer.concat(pieces).toString().replace(/\n$/, '').split('\n')
    for (const line of lines.filter(isGood)) stored.add(line)
    const refusal = judgement(lines)
    return refusal === undefined
      ? { kind: 'stored', isSent: true }
      : { kind: 'refused', text: refusal }
  }

const line = fc
  .tuple(fc.constantFrom('v=1', 'v="x"', 'v=1,w=?', 'v=!', 'v=2', 'v=3'), fc.nat(1000))
  .map(([fields, time]) => `m,host=a ${fields} ${time}`)

test('whatever is refused, by name or not, is refused alone, and the rest is stored', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 60 }), async (lines) => {
      const stored = new Set<string>()
      const { refused } = await writeLines(toBatch(lines), judge(stored))
      const bad = lines.flatMap((text, index) => (isGood(text) ? [] : [index]))
      expect(refused.map(({ index }) => index)).toEqual(bad)
      for (const { index, code } of refused) expect(code).toBe(codeFor(lines[index] ?? ''))
      expect(lines.every((text) => !isGood(text) || stored.has(text))).toBe(true)
    }),
  )
})

function codeFor(text: string): string {
  if (text.includes('"')) return 'field_type_conflict'
  return text.includes('!') ? 'malformed' : 'bad_timestamp'
}

test.each([
  ['7', 7000],
  [' 0 ', 0],
  ['Fri, 20 Nov 2026 22:00:05 GMT', 5000],
  ['Fri, 20 Nov 2026 21:00:00 GMT', 0],
  ['soon', undefined],
  [undefined, undefined],
])('Retry-After %j is %j ms', (header, expected) => {
  expect(parseRetryAfter(header, Date.parse('2026-11-20T22:00:00Z'))).toBe(expected)
})
