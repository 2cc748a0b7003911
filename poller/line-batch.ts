import { freeBytes } from '@warren/platform/free-bytes'
import { joinPieces } from '@warren/stores/join-pieces'
import type { LineBatch } from '@warren/stores/write-outcome'
import { type Chunk, countOf } from './chunk.ts'

/** The lines of several messages as one batch. Most stores take them piece by piece, so they are joined only for one that asks. */
export class JoinedLines implements LineBatch {
  readonly tenant: string
  readonly starts: Uint32Array
  readonly pieces: readonly Chunk[]
  #bytes: Uint8Array | undefined
  #isReleased = false

  constructor(tenant: string, chunks: readonly Chunk[]) {
    this.tenant = tenant
    this.pieces = chunks
    this.starts = joinStarts(chunks)
  }

  get bytes(): Uint8Array {
    this.#bytes ??= joinBytes(this.pieces)
    return this.#bytes
  }

  release(): void {
    this.#isReleased = true
  }

  get isReleased(): boolean {
    return this.#isReleased
  }

  /** Lets go of what is the batch's and not its pieces'. */
  free(): void {
    const [first] = this.pieces
    if (this.#bytes !== undefined && this.#bytes !== first?.bytes) freeBytes(this.#bytes)
    freeBytes(this.starts)
  }
}

function joinStarts(chunks: readonly Chunk[]): Uint32Array {
  const starts = new Uint32Array(chunks.reduce((sum, chunk) => sum + countOf(chunk), 0) + 1)
  let byteAt = 0
  let lineAt = 0
  for (const chunk of chunks) {
    const count = countOf(chunk)
    for (let line = 0; line < count; line += 1)
      starts[lineAt++] = byteAt + (chunk.starts[line] ?? 0)
    byteAt += chunk.bytes.length
  }
  starts[lineAt] = byteAt
  return starts
}

function joinBytes(chunks: readonly Chunk[]): Uint8Array {
  const [only] = chunks
  return only !== undefined && chunks.length === 1 ? only.bytes : joinPieces(chunks)
}

export function sliceLines(
  { tenant, bytes, starts }: LineBatch,
  from: number,
  to: number,
): LineBatch {
  const first = starts[from] ?? 0
  return {
    tenant,
    bytes: bytes.subarray(first, starts[to]),
    starts: starts.slice(from, to + 1).map((start) => start - first),
  }
}

export const linesOf = ({ starts }: LineBatch): number => starts.length - 1
