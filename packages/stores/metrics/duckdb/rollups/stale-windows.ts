import type { DuckDBConnection } from '@duckdb/node-api'
import { appendColumns } from '../../../duckdb/append-columns.ts'
import { rollupPolicies } from '../../../rollup-policies.ts'

const narrowest = Math.min(...rollupPolicies.map(({ width }) => width))
const narrowestNs = narrowest * 1_000_000_000

/** The windows of one day file of which its `stale` has an unclaimed row, and those that the batch in hand adds. */
export class StaleWindows {
  /** By width, slots. */
  readonly #known = new Map(rollupPolicies.map(({ width }) => [width, new Set<number>()]))
  readonly #added: { width: number; slot: number }[] = []
  #latest = -1

  /** A point came. Lines of one time nearly always come together. */
  touch(offsetNs: number): void {
    const slot = Math.floor(offsetNs / narrowestNs)
    if (slot === this.#latest) return
    this.#latest = slot
    for (const [width, known] of this.#known) {
      const wide = Math.floor((slot * narrowest) / width)
      if (known.has(wide)) continue
      known.add(wide)
      this.#added.push({ width, slot: wide })
    }
  }

  /** What the file has already. */
  load(width: number, slot: number): void {
    this.#known.get(width)?.add(slot)
  }

  /** They are claimed: the next point in one needs a row again. */
  forget(width: number, slots: readonly number[]): void {
    for (const slot of slots) this.#known.get(width)?.delete(slot)
    this.#latest = -1
  }

  /** In the transaction of the rows. When it fails, this object goes with the rest of what memory knew. */
  async save(connection: DuckDBConnection, catalog: string): Promise<void> {
    const added = this.#added.splice(0)
    if (added.length === 0) return
    await appendColumns(
      connection,
      { catalog, table: 'stale' },
      {
        columns: [
          Int32Array.from(added, ({ width }) => width),
          Int32Array.from(added, ({ slot }) => slot),
          new Uint8Array(added.length),
          new BigInt64Array(added.length).fill(BigInt(Date.now())),
        ],
        rowCount: added.length,
      },
    )
  }
}
