import type { TenantLimit } from '../limits/ingest-limits.ts'
import type { Sink } from '../listeners/listener.ts'

/** Where what one tenant sends goes in. */
export interface Inlet {
  readonly sink: Sink
  /** Undefined: none. */
  readonly limit: TenantLimit | undefined
}

/** Counts each line, as many bytes as it has UTF-16 units: it is bytes only later. */
export const meteredAdd =
  (limit: TenantLimit, add: Sink['add']): Sink['add'] =>
  (line) => {
    limit.spend(1, line.length + 1)
    add(line)
  }
