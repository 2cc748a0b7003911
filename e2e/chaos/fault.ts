import type { Load } from './load.ts'
import type { World } from './world.ts'

/** One thing that goes wrong while items flow. */
export interface Fault {
  readonly name: string
  /** What it breaks: two faults with one target cannot stand at once. */
  readonly target: 'poller' | 'broker' | 'stores' | 'publisher'
  /** Each item is stored once for each time it was sent, and the poller that counted it runs on: its counters must say so. */
  readonly countsExactly: boolean
  /** Whether this world can be broken so. */
  possible?(world: World): boolean
  /** Provokes it, waits, and takes the cause away; resolves when the cause is gone, not when the platform has recovered. */
  run(world: World, load: Load): Promise<void>
}
