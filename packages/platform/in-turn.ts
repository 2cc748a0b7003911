/** Runs what it is given in the order in which it comes, so many at once, one unless said; never before the call returns; what fails ends nothing that follows. */
export function createTurns(atOnce = 1) {
  let running = 0
  const waiting: (() => void)[] = []
  return async <Result>(run: () => Promise<Result>): Promise<Result> => {
    if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve))
    else {
      running++
      await undefined
    }
    try {
      return await run()
    } finally {
      // The turn goes from one to the next.
      const next = waiting.shift()
      if (next === undefined) running--
      else next()
    }
  }
}
