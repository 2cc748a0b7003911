import type { SeenSeries } from '@warren/stores/catalog/catalog'
import { createTenantSeries, type TenantSeries } from './tenant-series.ts'

const hashBytes = 8
/** Of one row of the catalog. */
const maxRowHashes = 32_768

function toBytes(pairs: readonly number[]): Buffer {
  const bytes = Buffer.alloc(pairs.length * 4)
  for (const [at, half] of pairs.entries()) bytes.writeInt32LE(half, at * 4)
  return bytes
}

interface Remembered {
  readonly tenant: string
  readonly series: TenantSeries
}

/** Appends what was seen since the last call. Rejects as the catalog does; what it did not take is appended by the next call. */
export async function remember(
  seen: Pick<SeenSeries, 'append'>,
  { tenant, series }: Remembered,
  day: number,
): Promise<void> {
  const pairs = series.takePending()
  for (let at = 0; at < pairs.length; at += 2 * maxRowHashes) {
    const hashes = toBytes(pairs.slice(at, at + 2 * maxRowHashes))
    try {
      await seen.append(tenant, { day, hashes })
    } catch (error) {
      series.putBack(pairs.slice(at))
      throw error
    }
  }
}

interface Past {
  readonly tenant: string
  readonly fromDay: number
  readonly now: () => number
}

/** A tenant's series as they were remembered. Rejects as the catalog does. */
export async function recall(
  seen: Pick<SeenSeries, 'read'>,
  { tenant, fromDay, now }: Past,
): Promise<TenantSeries> {
  const series = createTenantSeries(now)
  for (let after: string | undefined = '0'; after !== undefined; ) {
    const rows: Awaited<ReturnType<SeenSeries['read']>> = await seen.read(tenant, {
      day: fromDay,
      after,
    })
    for (const { day, hashes } of rows) recallRow(series, day, hashes)
    after = rows.at(-1)?.seq
  }
  return series
}

function recallRow(series: TenantSeries, day: number, hashes: Uint8Array): void {
  const view = Buffer.from(hashes.buffer, hashes.byteOffset, hashes.length)
  for (let at = 0; at + hashBytes <= view.length; at += hashBytes)
    series.recall(view.readInt32LE(at), view.readInt32LE(at + 4), day)
}
