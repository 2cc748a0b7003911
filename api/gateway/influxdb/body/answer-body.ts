import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { roomToPack } from '@warren/platform/zlib-room'
import { BodyBytes, ownCopyFreeing } from './body-bytes.ts'
import type { EncodedBody, EncodeOptions } from './encoded-body.ts'
import { joinPacked, toBlocks } from './joined-gzip.ts'

const gzipOf = promisify(gzip)

/** Of a body that is packed in several pieces at once, on as many threads, for a few bytes more. */
const pieceBytes = 262_144
const mostPieces = 4

async function compressPieces(body: Buffer): Promise<BodyBytes> {
  const count = Math.min(mostPieces, Math.floor(body.length / pieceBytes))
  const startOf = (piece: number) => Math.floor((body.length * piece) / count)
  const segments = Array.from({ length: count }, (_, piece) => {
    const bytes = body.subarray(startOf(piece), startOf(piece + 1))
    return { bytes, blocks: toBlocks(bytes) }
  })
  return joinPacked(segments)
}

/** Packed, in memory of its own size: what zlib hands out is a part of more. */
export async function compress(body: BodyBytes): Promise<BodyBytes> {
  if (body.length >= 2 * pieceBytes) return compressPieces(body.join())
  const options = { level: 1, chunkSize: roomToPack(body.length) }
  const packed = await gzipOf(body.join(), options)
  return new BodyBytes([ownCopyFreeing([packed])])
}

/** What an answer says, before it is bytes. */
export interface BodySource {
  /** Of all series. */
  readonly rows: number
  /** The memory that it takes as bytes, plain and packed, about. */
  readonly bytes: number
  /** InfluxDB's bytes, where they are there already. */
  readonly pieces?: readonly Uint8Array[] | undefined
  /** InfluxDB's bytes, not indented. Throws `answer_too_large` before there are more. */
  encode(options: EncodeOptions): Promise<EncodedBody>
}

/** The bytes of one answer, made once for all who get it. Then what they were made of is let go: rows take three times as much. */
export class AnswerBody {
  readonly rows: number
  readonly bytes: number
  /** The bytes of an answer so large that it is sent piece by piece. */
  readonly pieces: readonly Uint8Array[] | undefined
  #source: BodySource | undefined
  #plain: Promise<BodyBytes> | undefined
  #pack: EncodedBody['pack']
  #gzipped: Promise<BodyBytes> | undefined

  constructor(source: BodySource) {
    this.#source = source
    this.rows = source.rows
    this.bytes = source.bytes
    this.pieces = source.pieces
  }

  /** Throws `answer_too_large`. */
  encoded(options: EncodeOptions): Promise<BodyBytes> {
    this.#plain ??= this.#encode(options)
    return this.#plain
  }

  gzipped(options: EncodeOptions): Promise<BodyBytes> {
    this.#gzipped ??= this.#packed(options)
    return this.#gzipped
  }

  async #encode(options: EncodeOptions): Promise<BodyBytes> {
    if (this.#source === undefined) throw new Error('BUG: an answer is encoded twice')
    const { plain, pack } = await this.#source.encode(options)
    this.#source = undefined
    this.#pack = pack
    return plain
  }

  async #packed(options: EncodeOptions): Promise<BodyBytes> {
    const plain = await this.encoded(options)
    const pack = this.#pack
    this.#pack = undefined
    return pack === undefined ? compress(plain) : pack()
  }
}
