import type { DuckDBConnection } from '@duckdb/node-api'
import type { DayFiles } from '../../../duckdb/day-files.ts'
import { type Engine, onConnection } from '../../../duckdb/engine.ts'
import type { MetricFileState } from '../file-state.ts'
import type { RollupFiles } from './rollup-files.ts'

interface LeftPointsOptions {
  readonly engine: Pick<Engine, 'connect'>
  readonly raw: DayFiles<MetricFileState>
  readonly rollups: readonly RollupFiles[]
}

/** Which points have left, as the files say: rollups know the days that they were made from. */
export class LeftPoints {
  readonly #options: LeftPointsOptions
  /** By tenant, until a day goes: to find it may open a file or two. */
  readonly #known = new Map<string, Promise<number | undefined>>()

  constructor(options: LeftPointsOptions) {
    this.#options = options
  }

  /** The first day after all those of which rollups have windows and the store no points any more; undefined when there are none. */
  firstKept(tenant: string): Promise<number | undefined> {
    const known = this.#known.get(tenant)
    if (known !== undefined) return known
    const found = this.#find(tenant)
    this.#known.set(tenant, found)
    found.catch(() => {
      if (this.#known.get(tenant) === found) this.#known.delete(tenant)
    })
    return found
  }

  /** Once a day of the tenant has gone. */
  forget(tenant: string): void {
    this.#known.delete(tenant)
  }

  async #find(tenant: string): Promise<number | undefined> {
    const { engine, raw, rollups } = this.#options
    // The coarsest: its files are the fewest, and have every day.
    const files = rollups.at(-1)?.files
    if (files === undefined) return undefined
    const present = await raw.days(tenant)
    for (const day of (await files.days(tenant)).toReversed()) {
      const lease = await files.leaseForRead(tenant, day)
      if (lease === undefined) continue
      try {
        const last = await onConnection(engine, (own) => lastGone(own, lease.name, present))
        if (last !== undefined) return last + 1
      } finally {
        lease.release()
      }
    }
    return undefined
  }
}

async function lastGone(
  connection: DuckDBConnection,
  name: string,
  present: readonly number[],
): Promise<number | undefined> {
  const rows = await connection.runAndReadAll(
    `SELECT max(day) FROM ${name}.origins WHERE NOT list_contains([${present.join(', ')}]::INTEGER[], day)`,
  )
  const day = rows.getRows()[0]?.[0] ?? undefined
  return day === undefined ? undefined : Number(day)
}
