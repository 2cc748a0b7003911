import { randomBytes } from 'node:crypto'
import { compress } from 'snappyjs'
import { expect, test } from 'vitest'
import { snappyLength, unpackSnappy } from './snappy.ts'

const mebibyte = 1024 ** 2

const texts = [
  Buffer.alloc(0),
  Buffer.from('a'),
  Buffer.alloc(100_000, 'x'),
  Buffer.alloc(300_000, 'abcdefghi'),
  randomBytes(200_000),
  Buffer.from(Array.from({ length: 20_000 }, (_, at) => `series_${at % 97}{job="a"} `).join('')),
]

test.each(texts)('unpacks what another program packed', (text) => {
  const block = Buffer.from(compress(text))
  expect(snappyLength(block).length).toBe(text.length)
  expect(unpackSnappy(block, mebibyte).equals(text)).toBe(true)
})

test('takes no memory for a bomb', () => {
  const claims4GiB = Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f, 0x00, 0x61])
  expect(snappyLength(claims4GiB).length).toBe(2 ** 32 - 1)
  expect(() => unpackSnappy(claims4GiB, mebibyte)).toThrow('corrupt')
  expect(() => unpackSnappy(claims4GiB, 2 ** 40)).toThrow('corrupt')
  const grows = Buffer.from([0x02, 0x00, 0x61, 0xfe, 0x01, 0x00])
  expect(() => unpackSnappy(grows, mebibyte)).toThrow('corrupt')
})

test.each([
  ['nothing', []],
  ['a length without end', [0xff, 0xff, 0xff, 0xff, 0xff, 0x01]],
  ['a literal of a negative length', [0x01, 0xfc, 0xfa, 0xff, 0xff, 0xff, 0x00]],
  ['a literal beyond the end', [0x05, 0x10, 0x61]],
  ['a copy of nothing', [0x08, 0x00, 0x61, 0x01, 0x00]],
  ['a copy from before the start', [0x08, 0x00, 0x61, 0x01, 0x02]],
  ['a copy cut off', [0x08, 0x00, 0x61, 0x01]],
  ['less than it says', [0x05, 0x00, 0x61]],
])('refuses %s', (_, bytes) => {
  expect(() => unpackSnappy(Buffer.from(bytes), mebibyte)).toThrow('corrupt')
})

test('ends on every block that is cut or changed', () => {
  const block = Buffer.from(compress(texts[5] as Buffer))
  for (let at = 0; at < block.length; at += 37) {
    expect(() => unpackSnappy(block.subarray(0, at), mebibyte)).toThrow()
    const changed = Buffer.from(block)
    changed[at] = (changed[at] as number) ^ 0xff
    try {
      unpackSnappy(changed, mebibyte)
    } catch (error) {
      expect((error as Error).message).toContain('corrupt')
    }
  }
})
