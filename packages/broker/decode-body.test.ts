import { constants, gzipSync, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decodeBody, readBody } from './decode-body.ts'
import { openZstdEngine } from './zstd-engine.ts'

const delivery = (body: Buffer, contentEncoding: string | undefined = 'zstd') => {
  const none = { messageId: undefined, timestamp: undefined, contentType: undefined, headers: {} }
  return { body, properties: { ...none, contentEncoding } }
}

const read = (...given: Parameters<typeof delivery>) =>
  readBody(delivery(...given), (body, owner) => ({ text: body.toString(), owner }))

it('lends the content of one whole frame that says its size', async () => {
  expect(await read(zstdCompressSync('one'))).toEqual({ text: 'one', owner: 'lent' })
  const params = { [constants.ZSTD_c_checksumFlag]: 1 }
  const large = 'x'.repeat(500_000)
  expect(await read(zstdCompressSync(large, { params }))).toEqual({ text: large, owner: 'lent' })
  expect(await read(zstdCompressSync('y'.repeat(2_000_000)))).toMatchObject({ owner: 'reader' })
  expect(await read(gzipSync('two'), 'gzip')).toEqual({ text: 'two', owner: 'reader' })
  expect(await read(Buffer.from('three'), 'identity')).toEqual({ text: 'three', owner: 'delivery' })
})

it('refuses a frame that is cut short, which Node.js takes for an empty one', async () => {
  const frame = zstdCompressSync(Buffer.alloc(3000, 'abcdef'))
  for (const length of [frame.length - 1, frame.length >> 1, 8]) {
    const cut = delivery(frame.subarray(0, length))
    await expect(decodeBody(cut)).rejects.toMatchObject({ code: 'bad_encoding' })
    await expect(readBody(cut, String)).rejects.toMatchObject({ code: 'bad_encoding' })
  }
})

const text = fc.string({ maxLength: 3000, size: 'max' }).map((value) => Buffer.from(value))
const damage = fc.oneof(
  { weight: 2, arbitrary: fc.constant((frame: Buffer) => frame) },
  fc.nat().map((at) => (frame: Buffer) => frame.subarray(0, at % (frame.length + 1))),
  fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })).map(([at, flip]) => (frame: Buffer) => {
    const other = Buffer.from(frame)
    other[at % other.length] = (other[at % other.length] ?? 0) ^ flip
    return other
  }),
  text.map((tail) => (frame: Buffer) => Buffer.concat([frame, tail])),
  text.map((tail) => (frame: Buffer) => Buffer.concat([frame, zstdCompressSync(tail)])),
  // The head of another frame, whose rest must not be taken from the next message.
  fc.nat(20).map((bytes) => (frame: Buffer) => Buffer.concat([frame, frame.subarray(0, bytes)])),
)
const checksum = fc.constantFrom(0, 1)

it('a message is what it is alone, whatever was wrong with the one before it', async () => {
  const message = fc
    .tuple(text, damage, checksum)
    .map(([body, damaged, flag]) =>
      damaged(zstdCompressSync(body, { params: { [constants.ZSTD_c_checksumFlag]: flag } })),
    )
  const outcome = (asked: Promise<string>) => asked.catch(({ code }: { code: string }) => code)
  await fc.assert(
    fc.asyncProperty(fc.array(message, { maxLength: 8 }), async (bodies) => {
      for (const body of bodies) {
        const alone = await outcome(decodeBody(delivery(body)).then(String))
        expect(await outcome(readBody(delivery(body), String))).toBe(alone)
      }
    }),
    { numRuns: 300 },
  )
})

it('finds the engine in this Node.js', () => {
  const engine = openZstdEngine()
  engine?.close()
  expect(engine).toBeDefined()
})
