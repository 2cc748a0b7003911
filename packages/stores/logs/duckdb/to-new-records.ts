import { type ItemNames, nameAt } from '../../item-names.ts'
import type { RefusedItem } from '../../write-outcome.ts'
import type { NewRecord } from './append-records.ts'
import { readIds } from './read-ids.ts'
import { readRecords } from './read-records.ts'

/** What crosses to the worker for one batch. */
export interface WrittenBatch {
  readonly tenant: string
  readonly bytes: Uint8Array
  readonly starts: Uint32Array
  readonly ids: Uint8Array
  readonly datasets: ItemNames
}

export interface NewRecords {
  readonly records: readonly NewRecord[]
  readonly refused: readonly RefusedItem[]
}

export function toNewRecords({ bytes, starts, ids, datasets }: WrittenBatch): NewRecords {
  const { table, bad } = readIds(ids)
  const read = readRecords(bytes, starts)
  const records = read.records
    .filter(({ index }) => !bad.has(index))
    .map((record) => ({ ...record, stream: nameAt(datasets, record.index), ids: table }))
  const badIds = [...bad].map(
    (index): RefusedItem => ({ index, code: 'malformed', reason: 'the id is not 32 hex digits' }),
  )
  const refused = [...badIds, ...read.refused.filter(({ index }) => !bad.has(index))]
  return { records, refused: refused.sort((a, b) => a.index - b.index) }
}
