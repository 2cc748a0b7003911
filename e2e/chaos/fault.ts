import type { Load } from './load.ts'
import type { World } from './world.ts'

/** One thing that goes wrong while items flow. */
export interface Fault {
  readonly name: string
  /** What it breaks: two faults with one target cannot stand at once. */
  readonly target: 'poller' | 'broker' | 'stores' | 'catalog' | 'publisher' | 'api'
  /** What the poller's counters say of the items sent: `equal` where each is delivered once for each time it was sent, `at least` where the broker or the publisher may have repeated some, `nothing` where the poller that counted is gone. */
  readonly counts: 'equal' | 'at least' | 'nothing'
  /** Whether the short form has it. */
  readonly short: boolean
  /** Whether it exists in this shape. */
  possible?(world: World): boolean
  /** Provokes it, waits, and takes the cause away; resolves when the cause is gone, not when the platform has recovered. */
  run(world: World, load: Load): Promise<void>
}
