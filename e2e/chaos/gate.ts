/** Shut while anyone holds it: two faults at once may both want quiet. */
export interface Gate {
  hold(): void
  release(): void
  /** Resolves when nobody holds it. */
  passed(): Promise<void>
}

export function openGate(): Gate {
  let holders = 0
  let opened = Promise.withResolvers<void>()
  return {
    hold: () => {
      if (holders === 0) opened = Promise.withResolvers<void>()
      holders += 1
    },
    release: () => {
      holders -= 1
      if (holders === 0) opened.resolve()
    },
    passed: async () => {
      while (holders > 0) await opened.promise
    },
  }
}
