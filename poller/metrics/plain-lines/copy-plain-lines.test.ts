import fc from 'fast-check'
import { expect, it } from 'vitest'
import { hashSeries, seriesHash } from '../../series/series-hash.ts'
import { timeWindow } from '../../time-window.ts'
import { normaliseMetrics } from '../normalise.ts'

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

const linesOf = (origin: { tenant: string; deployment: string | undefined }, text: string) => {
  const given = { ...origin, fallbackNs: undefined }
  const { chunk } = normaliseMetrics(Buffer.from(text), given, window)
  return { text: Buffer.from(chunk.bytes).toString(), chunk }
}

it('a key that is known from another tenant or deployment gets the stamp of its own message', () => {
  const line = `cpu,host=shared v=1 ${nowMs}000000`
  const senders = [
    { tenant: 'one', deployment: undefined, stamp: 'tenant=one' },
    { tenant: 'other', deployment: undefined, stamp: 'tenant=other' },
    { tenant: 'one', deployment: 'web', stamp: 'deployment=web,tenant=one' },
  ]
  for (const { stamp, ...sender } of [...senders, ...senders])
    expect(linesOf(sender, `${line}\n${line}\n`).text).toBe(
      `cpu,host=shared,${stamp} v=1 ${nowMs}000000\n`.repeat(2),
    )
})

it('notes the hash of each copied series, also of more keys than are kept', () => {
  const count = 70_000
  const lines = Array.from({ length: count }, (_, id) => `m,id=${id} v=1 ${nowMs}000000`)
  const body = [...lines, ...lines].join('\n')
  const { chunk } = linesOf({ tenant: 'many', deployment: undefined }, body)
  const wrong = Array.from(chunk.positions.keys()).filter((line) => {
    hashSeries(chunk.bytes, chunk.starts[line] ?? 0, chunk.starts[line + 1] ?? 0)
    const { high, low } = seriesHash
    return chunk.series?.[2 * line] !== high || chunk.series[2 * line + 1] !== low
  })
  expect(chunk.positions.length).toBe(2 * count)
  expect(wrong).toEqual([])
})

it('forgets the hash of the line before where a line is not copied', () => {
  const body = `m v=1 ${nowMs}000000\nm v=t ${nowMs}000000\n`
  const sender = { tenant: 'one', deployment: undefined }
  linesOf(sender, `m v=1 ${nowMs}000000\n`.repeat(2))
  expect(Array.from(linesOf(sender, body).chunk.series ?? []).slice(2)).toEqual([0, 0])
})

it('copies a body of many parts, whatever lies across their ends', () => {
  const at = `${nowMs}000000`
  const lines = Array.from({ length: 12_000 }, (_, id) => {
    if (id % 500 === 7) return `m,long=${'x'.repeat(3_900 + (id % 190))} v=${id} ${at}`
    if (id % 300 === 9) return `m,host=h${id} s="a,b c=1",v=${id} ${at}`
    return `m,host=h${id % 97},pad=${'p'.repeat(1 + (id % 80))} v=${id}.5,n=${id}i ${at}`
  })
  const bytes = Buffer.from(lines.join('\n'))
  expect(bytes.length).toBeGreaterThan(1_000_000)
  expect(read(bytes)).toEqual(parsed(bytes))
  expect(read(bytes).starts).toHaveLength(lines.length + 1)
})

it('says the oldest and the newest second of a message that is plain as a whole', () => {
  const sender = { tenant: 'one', deployment: undefined }
  const second = Math.floor(nowMs / 1000)
  const times = [`${second}999999999`, `${second - 7}000000000`, `${second}000000000`]
  const body = times.map((at) => `m v=1 ${at}`).join('\n')
  expect(linesOf(sender, body).chunk.seconds).toEqual({ oldest: second - 7, newest: second })
  expect(linesOf(sender, `${body}\nm v=t ${times[0]}`).chunk.seconds).toBeUndefined()
})
