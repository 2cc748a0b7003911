import { buffer } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import { isLong } from './content.ts'
import { type Conversion, conversionBytes, convert } from './conversion.ts'

/** Each byte twice. */
class Twice implements Conversion {
  add(piece: Uint8Array): Uint8Array {
    return Buffer.concat([piece, piece])
  }

  end(): Uint8Array {
    return Buffer.from('.')
  }
}

const begin = (): Conversion => new Twice()
const { signal } = new AbortController()
const options = { maxBytes: 1e9, signal }

it('makes what is short at once', async () => {
  const made = await convert([Buffer.from('ab'), Buffer.from('c')], begin, options)
  if (isLong(made)) throw new Error('it is short')
  expect(made.join().toString()).toBe('ababcc.')
})

it('makes what is long as it is read, of a length that is known before', async () => {
  const source = [Buffer.alloc(conversionBytes, 'a'), Buffer.from('b')]
  const made = await convert(source, begin, options)
  if (!isLong(made)) throw new Error('it is long')
  const expected = `${'a'.repeat(2 * conversionBytes)}bb.`
  expect([made.length, made.heldBytes]).toEqual([expected.length, conversionBytes + 1])
  expect((await buffer(made.pieces as AsyncIterable<Uint8Array>)).toString()).toBe(expected)
})

it('says that it is too large before anything is sent', async () => {
  const source = [Buffer.alloc(1000)]
  const refused = convert(source, begin, { maxBytes: 2000, signal })
  await expect(refused).rejects.toMatchObject({
    code: 'answer_too_large',
    message: expect.stringContaining('larger than 2000 bytes'),
  })
})

it('stops when nobody waits any more', async () => {
  const reason = new Error('gone')
  const left = AbortSignal.abort(reason)
  const stopped = convert([Buffer.alloc(1000)], begin, { maxBytes: 1e9, signal: left })
  await expect(stopped).rejects.toBe(reason)
})
