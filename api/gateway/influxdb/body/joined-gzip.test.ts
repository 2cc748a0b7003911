import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { joinGzip, type Segment, toBlocks } from './joined-gzip.ts'

/** Pieces of a body, every second one packed. */
async function joined(pieces: readonly Uint8Array[]) {
  const segments: Segment[] = []
  for (const [index, bytes] of pieces.entries())
    segments.push({ bytes, blocks: index % 2 === 1 ? await toBlocks(bytes) : undefined })
  return { body: Buffer.concat(pieces), packed: joinGzip(segments).join() }
}

it('is read back as the body, whatever the pieces are', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 300 })), async (pieces) => {
      const { body, packed } = await joined(pieces)
      expect(gunzipSync(packed).equals(body)).toBe(true)
    }),
    { numRuns: 50 },
  )
})

it('is read back where a piece is longer than a block', async () => {
  const long = Buffer.from(Array.from({ length: 40_000 }, (_, at) => `[${at},1.5],`).join(''))
  const { body, packed } = await joined([long, long, long.subarray(0, 65_535), long, long])
  expect(gunzipSync(packed).equals(body)).toBe(true)
})
