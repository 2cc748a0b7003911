import { setImmediate as nextTurn } from 'node:timers/promises'

/** Turns of the event loop in which nothing came: the kernel has no more to give. */
const quietTurns = 3

/** Waits until what the kernel holds for a socket has been read, so far as the sender pauses within the deadline. `count` goes up with each read. */
export async function untilQuiet(count: () => number, deadlineMs: number): Promise<void> {
  const end = performance.now() + deadlineMs
  let before = count()
  for (let quiet = 0; quiet < quietTurns && performance.now() < end; ) {
    await nextTurn()
    const now = count()
    quiet = now === before ? quiet + 1 : 0
    before = now
  }
}
