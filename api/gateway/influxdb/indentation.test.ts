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

it('keeps every digit, and texts as they are', () => {
  const rows = '[[9223372036854775807,-0,1e-7],["a [b], {c}: \\"d\\"","ä€"]]'
  expect(indented(rows).replaceAll(/\n */g, '')).toBe(rows)
  expect(indented('{"a":[],"b":{}}\n')).toBe('{\n    "a": [],\n    "b": {}\n}\n')
})
