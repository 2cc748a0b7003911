import { expect, test } from 'vitest'
import { toGoJson } from './go-json.ts'

test.each([
  ['<a> & b', String.raw`"\u003ca\u003e \u0026 b"`],
  ['\u2028\u2029', String.raw`"\u2028\u2029"`],
  ['\b\f\n\r\t\u0001', String.raw`"\u0008\u000c\n\r\t\u0001"`],
  // A backslash before what looks like the end of an escape.
  [String.raw`\b\f\\b"`, String.raw`"\\b\\f\\\\b\""`],
])('%j is written as Go writes it', (text, expected) => {
  expect(toGoJson(text)).toBe(expected)
  expect(JSON.parse(expected)).toBe(text)
})
