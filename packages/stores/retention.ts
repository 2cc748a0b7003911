import type { RollupName } from '@warren/influxql/rollup-policy'

/** What a tenant keeps of one kind of data. */
export interface Retention {
  readonly tenant: string
  /** Whole days behind now; 1 at least. */
  readonly days: number
  readonly nowMs: number
}

/** Everything that ends before this is too old, milliseconds since the epoch. */
export const firstKeptMs = ({ days, nowMs }: Retention): number => nowMs - days * 86_400_000

/** A day of one tenant's data that takes room of its own. */
export interface StoredDay {
  readonly tenant: string
  /** `YYYY-MM-DD`, UTC. */
  readonly day: string
  /** The policy of the rollups that it is, of several days from that one; absent for data as they came. */
  readonly rollup?: RollupName | undefined
}

/** Which days may be given up. */
export interface DayWish {
  /** `YYYY-MM-DD`; days before it. */
  readonly before: string
  /** Those that were tried in vain. */
  readonly except?: readonly StoredDay[]
}

/** The disk that an embedded store fills. */
export interface LocalDisk {
  /** A folder on it. */
  readonly folder: string
  /** The oldest day of any tenant that may be given up and is in nobody's use, rollups only when there is no other; undefined when there is none. */
  oldest(wish: DayWish): Promise<StoredDay | undefined>
  /** Gives up a day; its room is free when this resolves. Throws `store_failed` (`retry`) while it is in use. */
  drop(day: StoredDay): Promise<void>
}
