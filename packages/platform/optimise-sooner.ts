import { setFlagsFromString } from 'node:v8'

/** V8's own value is 3,000 (`node --v8-options`). */
const calls = 50

/** Lets V8 compile with its best compiler what has been called 50 times, not 3,000: a gateway of some dozen panels would run for minutes on code that takes a fifth longer (docs/adr/0070). Before
 *  what is called often begins. */
export function optimiseSooner(): void {
  setFlagsFromString(`--invocation-count-for-turbofan=${calls}`)
}
