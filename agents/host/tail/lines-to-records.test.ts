import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { levelOf } from './level.ts'
import { toRecord } from './record.ts'
import { takeLines } from './take-lines.ts'
import { timestampOf } from './timestamp.ts'

interface Taken {
  text: string
  offset: number
  cut: boolean
}

/** Reads `content` as a file is read: in chunks that start where the last one was consumed. */
function readAll(content: Buffer, chunkBytes: number, maxLineBytes: number): Taken[] {
  const lines: Taken[] = []
  let offset = 0
  let skipping = false
  for (;;) {
    const bytes = content.subarray(offset, offset + chunkBytes)
    const ended = offset + bytes.length === content.length
    const taken = takeLines(bytes, {
      ...{ offset, skipping, maxLineBytes, ended },
      take: (line) => {
        lines.push({ text: line.bytes.toString('latin1'), offset: line.offset, cut: line.cut })
        return lines.length % 3 !== 0
      },
    })
    offset += taken.consumed
    skipping = taken.skipping
    if (taken.consumed === 0) return lines
  }
}

describe('lines of a file', () => {
  test('are the same however the reads fall, and at their own offsets', () => {
    const line = fc.string({ unit: fc.constantFrom('a', 'b', '\r', ' '), maxLength: 30 })
    fc.assert(
      fc.property(fc.array(line), fc.integer({ min: 21, max: 64 }), (texts, chunkBytes) => {
        const content = Buffer.from(texts.join('\n'))
        const lines = readAll(content, chunkBytes, 20)
        const expected = texts.filter((text) => text !== '' && text !== '\r')
        expect(lines.map(({ text }) => text)).toEqual(expected.map((text) => text.slice(0, 20)))
        for (const [at, { text, offset, cut }] of lines.entries()) {
          expect(content.toString('latin1', offset, offset + text.length)).toBe(text)
          expect(cut).toBe((expected[at]?.length ?? 0) > 20)
        }
      }),
    )
  })

  test('wait until they are complete', () => {
    const take = () => true
    const options = { offset: 0, skipping: false, maxLineBytes: 100, ended: false, take }
    expect(takeLines(Buffer.from('a\nb'), options)).toEqual({ consumed: 2, skipping: false })
  })
})

test.each([
  ['2026-11-20T10:00:00Z x', '2026-11-20T10:00:00Z'],
  ['2026-11-20 10:00:00.5+0100 x', '2026-11-20T09:00:00.5Z'],
  ['[2026-11-20T10:00:00,123456789-02:30] x', '2026-11-20T12:30:00.123456789Z'],
  ['2026-11-20T10:00:00z', '2026-11-20T10:00:00Z'],
  ['2026-11-20T10:00:00 no zone', undefined],
  ['2026-13-20T10:00:00Z', undefined],
  ['at 2026-11-20T10:00:00Z', undefined],
  ['2026-11-20T10:00:00Zebra', undefined],
])('%s is of %s', (line, expected) => {
  expect(timestampOf(line)).toBe(expected)
})

test.each([
  ['ERROR boom', 'error'],
  ['2026 [warn] x', 'warn'],
  ['{"level":"fatal","m":1}', 'fatal'],
  ['t=1 level=debug m=x', 'debug'],
  ['severity: INFO x', 'info'],
  ['no error found', undefined],
  ['INFORMATION', undefined],
  [`${'x'.repeat(300)} ERROR`, undefined],
])('%s has level %s', (line, expected) => {
  expect(levelOf(line)?.name).toBe(expected)
})

describe('a record', () => {
  const source = { path: '/a', generation: 'g', dataset: 'd', service: undefined }
  const origin = { tenant: 't', agentId: 'i', host: 'h' }
  const record = (bytes: Buffer, offset = 0) =>
    toRecord({ bytes, offset, cut: false }, source, origin)

  test('has an id of tenant, agent, generation, offset and bytes', () => {
    const id = record(Buffer.from('x'))
    expect(id.id).toMatch(/^[0-9a-f]{32}$/)
    expect(record(Buffer.from('x')).id).toBe(id.id)
    expect(record(Buffer.from('x'), 1).id).not.toBe(id.id)
    expect(record(Buffer.from('y')).id).not.toBe(id.id)
    const other = toRecord(
      { bytes: Buffer.from('x'), offset: 0, cut: false },
      { ...source, generation: 'h' },
      origin,
    )
    expect(other.id).not.toBe(id.id)
  })

  test('keeps what is no UTF-8 readable, and says so', () => {
    const { message, attributes } = record(Buffer.from([0x61, 0xff, 0x62, 0x0d]))
    expect(message).toBe('a\uFFFDb')
    expect(attributes).toEqual({ invalid_utf8: true })
  })
})
