import { idAt } from '../../record-ids.ts'
import type { RecordBatch } from '../log-store.ts'
import { findIds } from './known-ids.ts'
import type { Placed, Writer } from './writer.ts'

/** Deletes again what just came to rest in an index younger than the one we knew of, when an older index holds its id: the first record stays. */
export async function removeRepeats(
  { client, indices }: Pick<Writer, 'client' | 'indices'>,
  batch: RecordBatch,
  placed: readonly Placed[],
): Promise<void> {
  const { tenant, ids } = batch
  const surprising = placed.filter(
    ({ stream, backingIndex }) => !indices.isWriteIndex(tenant, stream, backingIndex),
  )
  if (surprising.length === 0) return
  await indices.read(tenant)
  for (const [stream, records] of Map.groupBy(surprising, (record) => record.stream)) {
    const idOf = ({ item }: Placed) => idAt(ids, item)
    const known = await findIds(client, indices.older(tenant, stream), records.map(idOf))
    const repeats = records.filter(
      (record) =>
        known.has(idOf(record)) && indices.isWriteIndex(tenant, stream, record.backingIndex),
    )
    const lines = repeats.map((record) =>
      JSON.stringify({ delete: { _index: record.backingIndex, _id: idOf(record) } }),
    )
    if (lines.length > 0)
      await client.ask({ method: 'POST', path: '/_bulk', lines: `${lines.join('\n')}\n` })
  }
}
