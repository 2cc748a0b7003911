import fc from 'fast-check'
import { expect, it } from 'vitest'
import { timeWindow } from '../time-window.ts'
import { normaliseMetrics } from './normalise.ts'

const nowMs = Date.UTC(2026, 10, 20)
const window = timeWindow(nowMs, 86_400_000)
const origin = { tenant: 'default', deployment: 'web', fallbackNs: undefined }

const read = (body: Buffer) => {
  const { chunk, refused, rounded } = normaliseMetrics(body, origin, window)
  return {
    text: Buffer.from(chunk.bytes).toString(),
    starts: [...chunk.starts],
    positions: [...chunk.positions],
    refused: refused.map(({ index, code, reason, bytes }) => [index, code, reason, `${bytes}`]),
    rounded,
  }
}

const dirt = Buffer.from([0x0a, 0xff])

/** In a body that is not UTF-8 as a whole no line is copied; its last line, the dirt, is taken away again. */
function parsed(body: Buffer) {
  const all = read(Buffer.concat([body, dirt]))
  return { ...all, refused: all.refused.slice(0, -1) }
}

const often = (...texts: readonly string[]) => fc.constantFrom(...texts)
const word = fc.oneof(
  { weight: 8, arbitrary: often('cpu', 'a', 'host', 'region', 'tenant', 'deployment', 'Aa', 'BB') },
  fc.string({ minLength: 1, maxLength: 4 }),
  often('ü', '日本', '#x', 'a\\ b', '"q"', '\u0001', 'x'.repeat(5000)),
)
const value = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.oneof(
      fc.double().map(String),
      fc.integer().map((n) => `${n}i`),
    ),
  },
  often(
    '1',
    '-1',
    '1.',
    '.5',
    '-.5',
    '00.50',
    '1u',
    '-1u',
    '9007199254740993i',
    '9007199254740993',
    '1e3',
    'NaN',
    't',
  ),
  often('"s"', '"a,b c=1"', '1.2.3', '12i3', '', '1'.repeat(70), `0.${'3'.repeat(70)}`, '-'),
)
const time = fc.oneof(
  { weight: 8, arbitrary: fc.nat(2e9).map((ns) => `${BigInt(nowMs) * 1_000_000n + BigInt(ns)}`) },
  often('1795132800000000000', '1795132800000000000 ', '0', '-1', '9223372036854775808', '1 2', ''),
  often(
    '1895132800000000000',
    '99999999999999999999',
    '01795132800000000000',
    '1795132800000000000\r',
  ),
)
const pairs = (values: fc.Arbitrary<string>) =>
  fc
    .array(fc.tuple(word, values), { maxLength: 18 })
    .map((all) => all.map((pair) => pair.join('=')))
const line = fc
  .tuple(word, pairs(word), pairs(value), time, often(' ', '  ', '', '\t'))
  .map(
    ([name, tags, fields, at, gap]) =>
      `${[name, ...tags].join(',')} ${fields.join(',')}${gap}${at}`,
  )
const plain = fc
  .tuple(fc.nat(3), value, value, time)
  .map(([host, one, other, at]) => `cpu,host=h${host},b=1 usage=${one},n=${other} ${at}`)
const body = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: plain },
    { weight: 3, arbitrary: line },
    often('', '# note', ' '),
  ),
  { maxLength: 12 },
)

it('what is copied is what parsing and writing would give', () => {
  fc.assert(
    fc.property(body, often('\n', '\r\n'), (lines, feed) => {
      const bytes = Buffer.from(lines.join(feed))
      expect(read(bytes)).toEqual(parsed(bytes))
    }),
    { numRuns: 1000 },
  )
})

it('a timestamp like the one before is compared whole', () => {
  const stamp = `${BigInt(nowMs) * 1_000_000n}`
  const bytes = Buffer.from(
    [stamp, `${stamp}0`, stamp.slice(0, -1), stamp].map((at) => `m v=1 ${at}\n`).join(''),
  )
  expect(read(bytes)).toEqual(parsed(bytes))
  expect(read(bytes).positions).toEqual([0, 2, 3])
})
