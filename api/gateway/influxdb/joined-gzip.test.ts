import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { joinGzip, type PackedPart, toBlocks } from './joined-gzip.ts'

/** Pieces of a body, every second one packed. */
async function joined(pieces: readonly Uint8Array[]) {
  const parts: PackedPart[] = []
  let end = 0
  for (const [index, piece] of pieces.entries()) {
    const start = end
    end += piece.length
    if (index % 2 === 1) parts.push({ start, end, blocks: await toBlocks(piece) })
  }
  const body = Buffer.concat(pieces)
  return { body, packed: joinGzip(body, parts) }
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
