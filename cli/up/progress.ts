/** What `warren up` tells the person who waits: one line when a part starts to take time, one when it is there. */
export interface Progress {
  /** Runs a step and says how long it took, or what `lacking` says of a part that is not all there yet. */
  step<Value>(
    what: string,
    start: () => Promise<Value>,
    lacking?: (value: Value) => string | undefined,
  ): Promise<Value>
  /** Says nothing more: the line with the error shall be the last one. */
  hush(): void
}

const seconds = (sinceMs: number): string =>
  `${((performance.now() - sinceMs) / 1000).toFixed(1)} s`

export function createProgress(sayLine: (line: string) => void): Progress {
  let hushed = false
  const say = (line: string) => {
    if (!hushed) sayLine(line)
  }
  return {
    async step(what, start, lacking) {
      const since = performance.now()
      say(`  … ${what}`)
      try {
        const value = await start()
        const lack = lacking?.(value)
        say(lack === undefined ? `  ✓ ${what} (${seconds(since)})` : `  ! ${what}: ${lack}`)
        return value
      } catch (error) {
        say(`  ✗ ${what} (${seconds(since)})`)
        hushed = true
        throw error
      }
    },
    hush: () => {
      hushed = true
    },
  }
}
