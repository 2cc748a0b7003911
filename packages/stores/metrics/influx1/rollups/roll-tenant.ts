import type { RollupName } from '@warren/influxql/rollup-policy'
import { rollupPolicies } from '../../../rollup-policies.ts'
import type { Influx1Connection } from '../connection.ts'
import { partsOf, type StaleHour } from './hours.ts'
import { makeWindows } from './make-windows.ts'
import type { Origins } from './origins.ts'
import type { StaleTenant } from './read-marks.ts'
import type { StaleMarks } from './stale-marks.ts'
import type { TenantPlace } from './tenant-place.ts'

/** What a statement may take. */
export interface Pace {
  readonly maxWindows: number
  readonly maxColumns: number
}

interface RollTenantOptions {
  readonly connection: Influx1Connection
  readonly marks: StaleMarks
  readonly origins: Origins
  readonly stale: StaleTenant
  readonly place: TenantPlace
  readonly pace: Pace
}

/** Makes the hours of one tenant one after the other. */
export class RollTenant {
  readonly #options: RollTenantOptions
  /** By policy: first and last window that is made. */
  readonly #made = new Map<RollupName, [number, number]>()

  constructor(options: RollTenantOptions) {
    this.#options = options
  }

  /** Each policy from the one before, the finest from the raw points. Answers how many windows were made. */
  async make({ hour, windows }: StaleHour): Promise<number> {
    const { place, pace } = this.#options
    let from = place.raw
    let count = 0
    for (const { name, width } of rollupPolicies) {
      const stale = windows.get(name) ?? []
      for (const { first, last } of partsOf(stale, pace.maxWindows)) {
        const span = { start: first * width, end: (last + 1) * width }
        await this.#makePart({ from, into: name, width, ...span }, hour)
      }
      this.#note(name, stale)
      count += stale.length
      from = name
    }
    return count
  }

  /** Removes the marks of what is made. Hours come in order, so that none between two is left. */
  async settle(): Promise<void> {
    const { marks, stale } = this.#options
    for (const [policy, [from, to]] of this.#made) await marks.forget(stale, { policy, from, to })
    this.#made.clear()
  }

  async #makePart(part: Part, hour: number): Promise<void> {
    const { connection, origins, place, stale, pace } = this.#options
    const { tenant } = stale
    const group = place.groupOf(part.from, hour)
    // No points of that time: nothing came, or what came is dropped already.
    if (group === undefined) return
    const origin = { rollup: part.into, hour, group }
    const columns = await place.columnsOf(part.from)
    const step = { tenant, ...part, columns, maxColumns: pace.maxColumns }
    const isWritten = await makeWindows(connection, step, origins.isSame(origin))
    if (!isWritten) return
    await origins.note(origin)
    await place.noteWritten(part.into, hour)
  }

  #note(policy: RollupName, windows: readonly number[]): void {
    const [first, last] = this.#made.get(policy) ?? [Number.POSITIVE_INFINITY, 0]
    if (windows.length > 0)
      this.#made.set(policy, [Math.min(first, ...windows), Math.max(last, ...windows)])
  }
}

interface Part {
  readonly from: string
  readonly into: RollupName
  readonly width: number
  readonly start: number
  readonly end: number
}
