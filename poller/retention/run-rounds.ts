const soonMs = 1000
/** Of the time, while something waits: who writes and reads has the rest. */
const share = 1 / 4

/** How long a job rests that has more to do, after a round that took so long. */
export const restOfBehindMs = (tookMs: number): number => Math.max(soonMs, tookMs / share - tookMs)

/** Runs one round after the other until it is closed, the first after `firstMs`. A round answers in how many milliseconds the next one begins, and does not reject. */
export function runRounds(firstMs: number, round: () => Promise<number>) {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let isClosed = false
  const plan = (ms: number) => {
    if (isClosed) return
    timer = setTimeout(() => {
      running = round().then(plan)
    }, ms)
  }
  plan(firstMs)
  return {
    /** Resolves when the present round is over. */
    close: async () => {
      isClosed = true
      clearTimeout(timer)
      await running
    },
  }
}
