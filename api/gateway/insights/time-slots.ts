import type { KeepQuery } from './kept-query.ts'
import type { QueryRecord } from './record.ts'
import { TenantFigures } from './tenant-figures.ts'

interface Slot {
  readonly startMs: number
  readonly tenants: Map<string, TenantFigures>
  bytes: number
}

export interface TimeSlotsOptions {
  readonly slotMs: number
  /** Those that are over and still told of. */
  readonly count: number
  /** Of all together, about. Past it queries join what is there, and tenants that are not there are not noted. */
  readonly maxBytes: number
  readonly keepQuery: KeepQuery
}

/** Figures by slot of time and tenant; the oldest go. */
export class TimeSlots {
  #slots: Slot[] = []
  /** Of all slots. */
  #bytes = 0
  readonly #options: TimeSlotsOptions

  constructor(options: TimeSlotsOptions) {
    this.#options = options
  }

  /** False: there was no room. */
  note(record: QueryRecord, nowMs: number): boolean {
    const slot = this.#current(nowMs)
    const hasRoom = this.#bytes < this.#options.maxBytes
    const { tenant } = record.asker
    const figures = slot.tenants.get(tenant) ?? this.#open(hasRoom)
    if (figures === undefined) return false
    slot.tenants.set(tenant, figures)
    const taken = figures.note(record, nowMs, hasRoom)
    slot.bytes += taken
    this.#bytes += taken
    return true
  }

  /** Of the slots that reach into the last `windowMs`; of one tenant or, without one, of all. */
  *within(
    windowMs: number,
    nowMs: number,
    tenant: string | undefined,
  ): Generator<[tenant: string, figures: TenantFigures]> {
    for (const { startMs, tenants } of this.#slots) {
      if (startMs + this.#options.slotMs <= nowMs - windowMs) continue
      if (tenant === undefined) yield* tenants
      else {
        const figures = tenants.get(tenant)
        if (figures !== undefined) yield [tenant, figures]
      }
    }
  }

  #open(hasRoom: boolean): TenantFigures | undefined {
    return hasRoom ? new TenantFigures(this.#options.keepQuery) : undefined
  }

  #current(nowMs: number): Slot {
    const { slotMs, count } = this.#options
    const startMs = nowMs - (nowMs % slotMs)
    const last = this.#slots.at(-1)
    // A clock that was set back adds to the newest.
    if (last !== undefined && last.startMs >= startMs) return last
    const slot: Slot = { startMs, tenants: new Map(), bytes: 0 }
    const oldestMs = startMs - count * slotMs
    this.#slots = [...this.#slots.filter((each) => each.startMs >= oldestMs), slot]
    this.#bytes = this.#slots.reduce((sum, { bytes }) => sum + bytes, 0)
    return slot
  }
}
