import { BodyBytes } from './body-bytes.ts'
import type { EncodedBody } from './encoded-body.ts'
import { joinPacked, toBlocks } from './joined-gzip.ts'
import type { Pieces } from './pieces.ts'

/** Of a segment: of the shortest ones, and of the whole so far, so that a long body has few. */
const leastBytes = 262_144
const leastPart = 1 / 5

interface Segment {
  readonly bytes: Buffer
  readonly blocks: Promise<Buffer>
}

/** A long body on its way: what is made of it is packed on other threads while more is made. */
export class PackingAhead {
  readonly #segments: Segment[] = []
  #bytes = 0

  /** Takes what there is, where it is enough. */
  take(pieces: Pieces): void {
    if (pieces.length >= Math.max(leastBytes, this.#bytes * leastPart)) this.#add(pieces.join())
  }

  /** The body, with the last of it. */
  end(rest: Buffer): EncodedBody {
    if (this.#segments.length === 0) return { plain: new BodyBytes([rest]) }
    this.#add(rest)
    const segments = this.#segments
    const plain = new BodyBytes(segments.map(({ bytes }) => bytes))
    return { plain, pack: () => joinPacked(segments) }
  }

  #add(bytes: Buffer): void {
    this.#bytes += bytes.length
    const blocks = toBlocks(bytes)
    // It fails where it is awaited; nobody awaits it of an answer that turns out to be too large.
    blocks.catch(() => undefined)
    this.#segments.push({ bytes, blocks })
  }
}
