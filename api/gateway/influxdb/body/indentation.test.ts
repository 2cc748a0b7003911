import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Indentation } from './indentation.ts'

/** Of the text in pieces of so many bytes. */
function indented(text: string, length = 1e6): string {
  const json = Buffer.from(text)
  const indentation = new Indentation()
  const made: Uint8Array[] = []
  for (let at = 0; at < json.length; at += length)
    made.push(indentation.add(json.subarray(at, at + length)))
  return Buffer.concat([...made, indentation.end()]).toString()
}

it('is laid out as Go does, of pieces that end anywhere', () => {
  fc.assert(
    fc.property(
      fc.jsonValue({ maxDepth: 5 }),
      fc.constantFrom('', '\n'),
      fc.integer({ min: 1, max: 30 }),
      (value, end, length) => {
        const expected = `${JSON.stringify(value, null, 4)}\n`
        expect(indented(JSON.stringify(value) + end, length)).toBe(expected)
      },
    ),
  )
})

it('lays rows of numbers out as it does anything else', () => {
  const value = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }))
  const cell = fc.option(fc.oneof({ weight: 20, arbitrary: value }, fc.constantFrom('],[', true)))
  const rows = fc.array(fc.array(cell, { maxLength: 3 }), { maxLength: 20 })
  fc.assert(
    fc.property(rows, fc.integer({ min: 1, max: 200 }), (values, length) => {
      const json = { series: [{ values }] }
      expect(indented(JSON.stringify(json), length)).toBe(`${JSON.stringify(json, null, 4)}\n`)
    }),
  )
})

it('keeps every digit, and texts as they are', () => {
  const rows = '[[9223372036854775807,-0,1e-7],["a [b], {c}: \\"d\\"","ä€"]]'
  expect(indented(rows).replaceAll(/\n */g, '')).toBe(rows)
  expect(indented('{"a":[],"b":{}}\n')).toBe('{\n    "a": [],\n    "b": {}\n}\n')
})
