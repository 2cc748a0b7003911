import fc from 'fast-check'
import { expect, it } from 'vitest'
import { patternNames } from './patterns.ts'
import { createRedactor } from './redact.ts'
import { redactKept } from './redact-kept.ts'

const redactor = createRedactor({ builtIn: patternNames })
const keptOf = (text: string) => Buffer.from(redactKept(Buffer.from(text), redactor)).toString()

it.each([
  ['{"message":"password=hunter2"}', '{"message":"password=***"}'],
  ['{"password":12345,"token":null,"pwd":true}', '{"password":"***","token":null,"pwd":"***"}'],
  ['{"a":[{"api_key":"abc"}],"__proto__":1}', '{"a":[{"api_key":"***"}],"__proto__":1}'],
  ['{"u":"x://h:p","e":"q@z","secret":"abcdefg"}', '{"u":"x://h:p","e":"q@z","secret":"***"}'],
  ['{"m":"-----BEGIN PRIVATE KEY-----\\nMIIE","n":1}', '{"m":"***","n":1}'],
  ['a password=x\n{"pwd":"y"}\n\nb token=abcdefgh', 'a password=***\n{"pwd":"***"}\n\nb token=***'],
  ['-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY----- x', '*** x'],
  ['{"password":"half', '{"password":"***'],
])('%j is kept as %j', (text, kept) => {
  expect(keptOf(text)).toBe(kept)
})

it('gives back the bytes where there is no secret, whatever they are', () => {
  for (const bytes of [
    Buffer.from([0xff, 0x0a, 0x7b, 0xfe]),
    Buffer.from('{ "n" : 12345678901234567890, "m" : "fine" }\r\n\n'),
    Buffer.from('{"a":'.repeat(5000)),
  ])
    expect(redactKept(bytes, redactor)).toBe(bytes)
})

it('leaves an object an object, without what the masks find in its texts', () => {
  const secret = fc.constantFrom(
    'password=hunter2',
    'token: abcdefgh',
    '"pwd":"s3cret"',
    'x',
    ',"}',
  )
  const text = fc.array(secret, { maxLength: 4 }).map((parts) => parts.join(' '))
  const key = fc.constantFrom('message', 'password', 'a"b', 'Token')
  fc.assert(
    fc.property(fc.dictionary(key, fc.oneof(text, fc.integer(), fc.array(text))), (record) => {
      const kept = JSON.parse(keptOf(JSON.stringify(record)))
      expect(Object.keys(kept).sort()).toEqual(Object.keys(record).sort())
      expect(JSON.stringify(kept)).not.toMatch(/hunter2|abcdefgh|s3cret/)
    }),
  )
})
