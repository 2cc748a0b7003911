/** What `warren up` tells the person who waits: one line when a part starts to take time, one when it is there. */
export interface Progress {
  /** Runs a step and says how long it took. */
  step<Value>(what: string, start: () => Promise<Value>): Promise<Value>
}

const seconds = (sinceMs: number): string =>
  `${((performance.now() - sinceMs) / 1000).toFixed(1)} s`

export const createProgress = (say: (line: string) => void): Progress => ({
  async step(what, start) {
    const since = performance.now()
    say(`  … ${what}`)
    try {
      const value = await start()
      say(`  ✓ ${what} (${seconds(since)})`)
      return value
    } catch (error) {
      say(`  ✗ ${what} (${seconds(since)})`)
      throw error
    }
  },
})
