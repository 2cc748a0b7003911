import { dataStreamOf } from '@warren/contracts/names'
import { idDigits } from '../../record-ids.ts'
import { type Lines, piecesOf } from '../../write-outcome.ts'
import type { RecordBatch } from '../log-store.ts'

const { copy } = Buffer.prototype

/** What is written before each line of one dataset. */
interface Head {
  readonly bytes: Buffer
  /** Where the id goes. */
  readonly idAt: number
}

/** The `_bulk` bodies of one batch: they create its records, each stamped with its tenant. */
export class BulkBodies {
  readonly #batch: RecordBatch
  readonly #heads: readonly Head[]

  constructor(batch: RecordBatch) {
    this.#batch = batch
    this.#heads = batch.datasets.names.map((dataset) => toHead(dataset, batch.tenant))
  }

  /** The body of these items, which ascend. Copies are made without views between: a view costs more than what it shows. Not of a pool: it is freed once it is sent. */
  of(items: readonly number[]): Buffer {
    const { ids } = this.#batch
    const reader = new PieceReader(piecesOf(this.#batch))
    const body = Buffer.allocUnsafeSlow(items.reduce((sum, item) => sum + this.#bytesOf(item), 0))
    let at = 0
    for (const item of items) {
      const head = this.#headOf(item)
      head.bytes.copy(body, at)
      const id = item * idDigits
      for (let digit = 0; digit < idDigits; digit += 1)
        body[at + head.idAt + digit] = ids[id + digit] ?? 0
      at = reader.copyBehindBrace(item, body, at + head.bytes.length)
    }
    return body
  }

  /** Cuts the items into runs whose bodies stay below `maxBytes`; a longer item is alone. */
  cut(items: readonly number[], maxBytes: number): readonly (readonly number[])[] {
    const runs: (readonly number[])[] = []
    let first = 0
    let bytes = 0
    for (let at = 0; at < items.length; at += 1) {
      const size = this.#bytesOf(items[at] ?? 0)
      if (at > first && bytes + size > maxBytes) {
        runs.push(items.slice(first, at))
        first = at
        bytes = 0
      }
      bytes += size
    }
    return first < items.length ? [...runs, items.slice(first)] : runs
  }

  #headOf(item: number): Head {
    const head = this.#heads[this.#batch.datasets.places[item] ?? 0]
    if (head === undefined) throw new Error('BUG: a record without dataset')
    return head
  }

  #bytesOf(item: number): number {
    const { starts } = this.#batch
    return this.#headOf(item).bytes.length + (starts[item + 1] ?? 0) - (starts[item] ?? 0) - 1
  }
}

function toHead(dataset: string, tenant: string): Head {
  const action = `{"create":{"_index":"${dataStreamOf(dataset, tenant)}","_id":"`
  // Lines are JSON objects with at least an id, so a key can be put before the first.
  const stamp = `"}}\n{"warren.tenant":"${tenant}",`
  return {
    bytes: Buffer.from(`${action}${'0'.repeat(idDigits)}${stamp}`),
    idAt: Buffer.byteLength(action),
  }
}

/** Finds items, which ascend, in the pieces of a batch. */
class PieceReader {
  readonly #pieces: readonly Lines[]
  #place = 0
  /** The first item of the piece. */
  #first = 0

  constructor(pieces: readonly Lines[]) {
    this.#pieces = pieces
  }

  /** Copies the item's line without its first byte; returns where the copy ends. */
  copyBehindBrace(item: number, body: Buffer, at: number): number {
    const { bytes, starts } = this.#pieceOf(item)
    const line = item - this.#first
    const start = (starts[line] ?? 0) + 1
    const end = starts[line + 1] ?? 0
    copy.call(bytes, body, at, start, end)
    return at + end - start
  }

  #pieceOf(item: number): Lines {
    for (;;) {
      const piece = this.#pieces[this.#place]
      if (piece === undefined) throw new Error('BUG: a batch has fewer lines than ids')
      const count = piece.starts.length - 1
      if (item < this.#first + count) return piece
      this.#first += count
      this.#place += 1
    }
  }
}
