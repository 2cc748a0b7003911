import { setImmediate as turn } from 'node:timers/promises'

const windowsATurn = 20_000

/** Lets others run after so many windows, of however many series. */
export function createGiveWay(): (windows: number) => Promise<void> {
  let done = 0
  return async (windows) => {
    done += windows
    if (done < windowsATurn) return
    done = 0
    await turn()
  }
}
