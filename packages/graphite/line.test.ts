import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseGraphiteLine } from './line.ts'

const read = (text: string) => {
  const line = parseGraphiteLine(text)
  return typeof line === 'string' ? line : [line.name, { ...line.tags }, line.value, line.timeNs]
}

it.each([
  ['servers.web1.load 1.5 1700000000', ['servers.web1.load', {}, 1.5, 1_700_000_000_000_000_000n]],
  ['a -3e2 1700000000.25\r', ['a', {}, -300, 1_700_000_000_250_000_000n]],
  ['  a\t.5   1700000000.123456789123 ', ['a', {}, 0.5, 1_700_000_000_123_456_789n]],
  ['a 1', ['a', {}, 1, undefined]],
  ['a 1 -1', ['a', {}, 1, undefined]],
  ['a 1 N', ['a', {}, 1, undefined]],
  ['disk.used;dc=eu;host=web 1;rack=a=b 42 1', 'not name value time'],
  ['disk.used;dc=eu;rack=a=b 42 1', ['disk.used', { dc: 'eu', rack: 'a=b' }, 42, 1_000_000_000n]],
  ['a nan 1', ['a', {}, Number.NaN, 1_000_000_000n]],
  ['a', 'not name value time'],
  ['', 'not name value time'],
  [';dc=eu 1 1', 'not name value time'],
  ['a 1 2 3', 'not name value time'],
  ['a x 1', 'bad value'],
  ['a 0x10 1', 'bad value'],
  ['a 1e999 1', 'bad value'],
  ['a inf 1', 'bad value'],
  ['a 1 yesterday', 'bad time'],
  ['a 1 -5', 'bad time'],
  ['a;dc 1 1', 'bad tag'],
  ['a;=x 1 1', 'bad tag'],
  ['a;dc= 1 1', 'bad tag'],
  ['a;dc=~x 1 1', 'bad tag'],
  ['a;d^c=x 1 1', 'bad tag'],
])('%j', (text, expected) => {
  expect(read(text)).toEqual(expected)
})

it('reads back what a client writes', () => {
  const word = fc.stringMatching(/^[a-z0-9_-]{1,8}$/)
  fc.assert(
    fc.property(
      fc.array(word, { minLength: 1, maxLength: 4 }),
      fc.dictionary(word, word, { maxKeys: 3, noNullPrototype: true }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.nat(),
      (...[words, tags, value, time]) => {
        const name = words.join('.')
        const path = [name, ...Object.entries(tags).map(([key, text]) => `${key}=${text}`)].join(
          ';',
        )
        expect(read(`${path} ${value} ${time}`)).toEqual([
          name,
          tags,
          value === 0 ? Number(String(value)) : value,
          BigInt(time) * 1_000_000_000n,
        ])
      },
    ),
  )
})

it('never throws', () => {
  fc.assert(fc.property(fc.string(), (text) => void parseGraphiteLine(text)))
})
