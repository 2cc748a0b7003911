import type { Socket } from 'node:net'

/** Lets the sender of one connection wait while it is above a limit. */
export interface Hold {
  readonly isOn: boolean
  /** Stops reading if the sender has to wait. */
  look(): void
  end(): void
}

export interface HoldOptions {
  readonly socket: Pick<Socket, 'pause'>
  readonly takeWaitMs: () => number
  /** It may be read again. */
  readonly onRelease: () => void
}

/** What others send in the meantime is of the same limit, so it is looked at again. */
const maxWaitMs = 60_000

export function createHold({ socket, takeWaitMs, onRelease }: HoldOptions): Hold {
  let timer: NodeJS.Timeout | undefined
  const look = (): void => {
    const waitMs = timer === undefined ? takeWaitMs() : 0
    if (waitMs === 0) return
    socket.pause()
    timer = setTimeout(release, Math.min(Math.ceil(waitMs), maxWaitMs))
  }
  const release = (): void => {
    timer = undefined
    look()
    if (timer === undefined) onRelease()
  }
  return {
    get isOn() {
      return timer !== undefined
    },
    look,
    end: () => clearTimeout(timer),
  }
}
