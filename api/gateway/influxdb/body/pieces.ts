import { setImmediate as turn } from 'node:timers/promises'
import { Refusal } from '../../../http/refusal.ts'
import { ownCopyFreeing } from './body-bytes.ts'

/** Rows to be encoded before others have their turn. */
export const rowsATurn = 5000

/** Characters that are made bytes together: a large answer is mostly small texts. */
const pieceLength = 65_536
/** Of a piece that small parts are copied into. Each is twice as long as the one before, so that a short answer has a short one; none is as long as Node.js's own pools, which are never freed. */
const [leastRoom, mostRoom] = [3 * 1024, 96 * 1024]
/** A character takes no more in UTF-8 than three for each of its units. */
const mostBytesAUnit = 3

const nothing: Buffer = Buffer.alloc(0)

/** Throws `answer_too_large`. */
export function requireSize(bytes: number, maxBytes: number): void {
  if (bytes <= maxBytes) return
  throw new Refusal(
    'answer_too_large',
    `the answer is larger than ${maxBytes} bytes; ask for a shorter range, a longer interval or fewer series`,
  )
}

/** An answer piece by piece, up to so many bytes. */
export class Pieces {
  #pieces: Uint8Array[] = []
  readonly #maxBytes: number
  #bytes = 0
  #taken = 0
  /** What no piece holds yet: bytes, and after them a text. */
  #open = nothing
  #room = leastRoom / 2
  #used = 0
  #text = ''
  #rowsOfTurn = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** Throws `answer_too_large`. */
  add(text: string): void {
    this.#text += text
    if (this.#text.length > pieceLength) this.#flush()
  }

  /** As a piece of its own. Throws `answer_too_large`. */
  addBytes(piece: Uint8Array): void {
    this.#flush()
    this.#push(piece)
  }

  /** The caller may write to the bytes afterwards. Throws `answer_too_large`. */
  copy(bytes: Uint8Array): void {
    this.#copyText()
    this.#makeRoom(bytes.length)
    this.#open.set(bytes, this.#used)
    this.#used += bytes.length
  }

  /** The text that waits, to where bytes are copied to. */
  #copyText(): void {
    const text = this.#text
    if (text === '') return
    this.#text = ''
    this.#makeRoom(text.length * mostBytesAUnit)
    this.#used += this.#open.write(text, this.#used)
  }

  #makeRoom(bytes: number): void {
    if (this.#used + bytes <= this.#open.length) return
    this.#close()
    this.#room = Math.min(mostRoom, 2 * this.#room)
    this.#open = Buffer.allocUnsafeSlow(Math.max(bytes, this.#room))
  }

  /** Makes what was copied a piece. */
  #close(): void {
    const piece = this.#open.subarray(0, this.#used)
    this.#open = this.#open.subarray(this.#used)
    this.#used = 0
    if (piece.length > 0) this.#push(piece)
  }

  #flush(): void {
    this.#close()
    const piece = Buffer.from(this.#text)
    this.#text = ''
    if (piece.length > 0) this.#push(piece)
  }

  #push(piece: Uint8Array): void {
    this.#bytes += piece.length
    requireSize(this.#bytes, this.#maxBytes)
    this.#pieces.push(piece)
  }

  /** Lets others run between stretches of rows, of however many series. */
  async giveWay(rows: number): Promise<void> {
    this.#rowsOfTurn += rows
    if (this.#rowsOfTurn < rowsATurn) return
    this.#rowsOfTurn = 0
    await turn()
  }

  /** Bytes of the pieces that are whole and were not joined yet. */
  get length(): number {
    return this.#bytes - this.#taken
  }

  /** What was added since it was called before. Where what was added as pieces of their own is nobody else's: the memory of all is given back. */
  join(): Buffer {
    const joined = ownCopyFreeing(this.all())
    this.#pieces = []
    this.#open = nothing
    this.#taken = this.#bytes
    return joined
  }

  /** As they were added, but that texts that follow each other are one. */
  all(): readonly Uint8Array[] {
    this.#flush()
    return this.#pieces
  }
}
