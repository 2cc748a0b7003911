import { once } from 'node:events'
import { constants, createZstdCompress, gzipSync, zstdCompressSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { gzipSizeOf } from './gzip-size.ts'
import { zstdEndOf, zstdSizeOf } from './zstd-frame.ts'

/** On both sides of each width that a frame has for its size. */
const sizes = [0, 1, 255, 256, 257, 65_535, 65_791, 65_792, 65_793, 3_000_000]

test.each(sizes)('a body of %i bytes says so once it is packed', (size) => {
  const body = Buffer.alloc(size, 'abc')
  expect(zstdSizeOf(zstdCompressSync(body))).toBe(size)
  expect(gzipSizeOf(gzipSync(body))).toBe(size)
})

test('a checksum or another level does not move the size', () => {
  const params = { [constants.ZSTD_c_checksumFlag]: 1, [constants.ZSTD_c_compressionLevel]: 19 }
  expect(zstdSizeOf(zstdCompressSync(Buffer.alloc(70_000, 'abc'), { params }))).toBe(70_000)
})

test('what was packed as a stream, or is nothing of the kind, says nothing', async () => {
  const stream = createZstdCompress()
  stream.write(Buffer.alloc(100, 'a'))
  stream.flush()
  await once(stream, 'readable')
  stream.end('b')
  const parts: Buffer[] = []
  for await (const part of stream) parts.push(part as Buffer)
  expect(zstdSizeOf(Buffer.concat(parts))).toBeUndefined()
  expect(zstdSizeOf(Buffer.from('no frame at all'))).toBeUndefined()
  for (let end = 0; end < 7; end += 1)
    expect(zstdSizeOf(zstdCompressSync(Buffer.alloc(300)).subarray(0, end))).toBeUndefined()
  expect(gzipSizeOf(Buffer.from('short'))).toBeUndefined()
})

test.each(sizes)('a frame of %i bytes ends where it ends, whatever comes after it', (size) => {
  for (const checksum of [0, 1]) {
    const params = { [constants.ZSTD_c_checksumFlag]: checksum }
    const noise = Buffer.from(Array.from({ length: size }, (_, at) => (at * 7919) >> 3))
    for (const body of [Buffer.alloc(size, 'abc'), noise]) {
      const frame = zstdCompressSync(body, { params })
      expect(zstdEndOf(Buffer.concat([frame, frame]))).toBe(frame.length)
      for (const left of [frame.length - 1, frame.length - 4, frame.length >> 1])
        expect(zstdEndOf(frame.subarray(0, left)) ?? Infinity).toBeGreaterThan(left)
    }
  }
  expect(zstdEndOf(Buffer.from('no frame at all'))).toBeUndefined()
})
