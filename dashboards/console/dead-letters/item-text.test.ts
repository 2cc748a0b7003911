import { expect, it } from 'vitest'
import { toItemText, toWholeText } from './item-text.ts'
import { prettified } from './prettified.ts'

const base64 = (bytes: Buffer): string => bytes.toString('base64')

it('shows text, and marks bytes that are none', () => {
  expect(toItemText(base64(Buffer.from('cpü x=1')))).toEqual({
    text: 'cpü x=1',
    bytes: 8,
    cut: false,
  })
  expect(toItemText(base64(Buffer.from([0x61, 0xff]))).text).toBe('a\uFFFD')
})

it('cuts what is long', () => {
  const { text, bytes, cut } = toItemText(base64(Buffer.alloc(5000, 0x61)))
  expect([text.length, bytes, cut]).toEqual([2000, 5000, true])
})

it('knows whether the same bytes come of a text again', () => {
  expect(toWholeText(base64(Buffer.from('\uFEFFcpü')))).toEqual({ text: '\uFEFFcpü', isText: true })
  expect(toWholeText(base64(Buffer.from([0x61, 0xff])))).toEqual({ text: 'a\uFFFD', isText: false })
})

it('lays out lines of JSON, and nothing else', () => {
  expect(prettified('{"a":1}\n{"b":[2]}\n')).toBe('{\n  "a": 1\n}\n{\n  "b": [\n    2\n  ]\n}')
  for (const text of ['cpu v=1', '{"a":', '17', '']) expect(prettified(text)).toBeUndefined()
})
