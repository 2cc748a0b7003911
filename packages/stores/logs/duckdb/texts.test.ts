import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromStoredText, toStoredText } from './stored-text.ts'
import { TimeReader, toTimeText } from './time-text.ts'

describe('stored texts', () => {
  const odd = fc
    .array(fc.constantFrom('\0', '\u{10ffff}', '0', '1', 'a', 'é'))
    .map((all) => all.join(''))
  it('hold no NUL and come back as they were', () => {
    fc.assert(
      fc.property(odd, (text) => {
        expect(toStoredText(text)).not.toContain('\0')
        expect(fromStoredText(toStoredText(text))).toBe(text)
      }),
    )
  })
})

describe('times', () => {
  const reader = new TimeReader()
  it.each([
    ['1970-01-01T00:00:00Z', 0n],
    ['2026-03-04T05:06:07.5Z', 1_772_600_767_500_000_000n],
    ['2026-03-04T05:06:07.123456789Z', 1_772_600_767_123_456_789n],
    ['2026-03-04T06:06:07.000000001+01:00', 1_772_600_767_000_000_001n],
    ['2262-04-11T23:47:16.854775807Z', 2n ** 63n - 1n],
    ['2262-04-11T23:47:16.854775808Z', undefined],
    ['1969-12-31T23:59:59Z', undefined],
    ['2026-13-04T05:06:07Z', undefined],
    ['2026-03-04', undefined],
    ['yesterday', undefined],
  ])('reads %s', (text, ns) => {
    expect(reader.read(text)).toBe(ns)
  })

  it('are read from bytes as from texts, whatever came before', () => {
    const second = fc.constantFrom(
      '2026-03-04T05:06:07',
      '2026-03-04T05:06:08',
      '2262-04-11T23:47:16',
      '2026-13-04T05:06:07',
    )
    const fraction = fc.constantFrom(
      '',
      '.5',
      '.123',
      '.854775808',
      '.1234567891',
      ',5',
      '.1x',
      '.',
    )
    const zone = fc.constantFrom('Z', 'Z', '+01:00', '')
    const texts = fc.array(fc.tuple(second, fraction, zone).map((parts) => parts.join('')))
    fc.assert(
      fc.property(texts, (given) => {
        const reader = new TimeReader()
        for (const text of given)
          expect(reader.readAt(Buffer.from(`<${text}>`), 1, text.length + 1)).toBe(
            new TimeReader().read(text),
          )
      }),
    )
  })

  it('come back as they were', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }), (ns) => {
        expect(reader.read(toTimeText(ns))).toBe(ns)
      }),
    )
  })
})
