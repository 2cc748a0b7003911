import { freeBytes } from '@warren/platform/free-bytes'
import { type ItemNames, nameAt, toItemNames } from '@warren/stores/item-names'
import type { RecordBatch } from '@warren/stores/logs/log-store'
import { idDigits } from '@warren/stores/record-ids'
import { JoinedLines } from '../line-batch.ts'
import type { LogChunk } from './record-lines.ts'

/** What a batch has for each record, beside its line. */
interface Columns {
  readonly ids: Uint8Array
  readonly datasets: ItemNames
}

/** The records of several messages as one batch; `datasetOf` as for `joinColumns`. */
export class JoinedRecords extends JoinedLines implements RecordBatch {
  readonly ids: Uint8Array
  readonly datasets: ItemNames

  constructor(tenant: string, chunks: readonly LogChunk[], datasetOf: (sent: string) => string) {
    super(tenant, chunks)
    const { ids, datasets } = joinColumns(chunks, datasetOf)
    this.ids = ids
    this.datasets = datasets
  }

  override free(): void {
    super.free()
    freeBytes(this.ids)
    freeBytes(this.datasets.places)
  }
}

/** One after the other; `datasetOf` says under which name a record is stored that was sent with another, or none. */
function joinColumns(chunks: readonly LogChunk[], datasetOf: (sent: string) => string): Columns {
  const ids = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.ids.length, 0))
  const places = new Uint32Array(ids.length / idDigits)
  const names: string[] = []
  const placeOf = new Map<string, number>()
  const toPlace = (sent: string): number => {
    const name = datasetOf(sent)
    const place = placeOf.get(name) ?? names.push(name) - 1
    placeOf.set(name, place)
    return place
  }
  let at = 0
  for (const chunk of chunks) {
    ids.set(chunk.ids, at * idDigits)
    const own = chunk.datasets.names.map(toPlace)
    for (const place of chunk.datasets.places) places[at++] = own[place] ?? 0
  }
  return { ids, datasets: { names, places } }
}

export function sliceColumns({ ids, datasets }: Columns, from: number, to: number): Columns {
  const names = Array.from(datasets.places.slice(from, to), (_, at) => nameAt(datasets, from + at))
  return { ids: ids.slice(from * idDigits, to * idDigits), datasets: toItemNames(names) }
}
