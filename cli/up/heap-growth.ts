import { setFlagsFromString } from 'node:v8'

const growthPercent = 100

/** Lets each thread's heap, and the buffers that hang on it, grow to twice what was alive before V8 marks it again. Without that V8 goes by the heap's bound, and marks the
 *  store's heap of 18 MB after each 8 MB: more than once a question of 60,000 rows (docs/adr/0057). Before the threads begin. */
export function letHeapsGrow(): void {
  setFlagsFromString(`--heap-growing-percent=${growthPercent}`)
}
