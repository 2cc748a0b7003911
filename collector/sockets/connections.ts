import type { Socket } from 'node:net'
import { createHold, type Hold } from './hold.ts'

/** What becomes of the bytes of one connection. */
export interface StreamReader {
  push(chunk: Buffer): void
  /** The sender has ended the stream in order. */
  end(): void
  /** A message has begun and not ended. */
  readonly isIncomplete: boolean
  /** How long nothing more of it may be read, because its sender is above a limit; 0: no time. Each call counts as one wait. */
  takeWaitMs(): number
}

export type ConnectionLoss = 'refused' | 'incomplete'

export interface ConnectionsOptions {
  readonly max: number
  readonly lost: (reason: ConnectionLoss) => void
}

interface Connection {
  readonly socket: Socket
  readonly reader: StreamReader
  lastMs: number
  /** Since when a message is incomplete. */
  incompleteSinceMs: number | undefined
  readonly hold: Hold
}

/** A message that has begun must end within this, or its connection goes. */
const incompleteMs = 60_000
/** A connection that was silent for this long makes room for a new one when there are too many. */
const idleMs = 60_000
const keepAliveMs = 60_000

/** Ends the connection that was silent longest, if that was long enough. */
function endIdlest(open: Set<Connection>, nowMs: number): boolean {
  let idlest: Connection | undefined
  for (const one of open) if (one.lastMs < (idlest?.lastMs ?? nowMs)) idlest = one
  if (idlest === undefined || nowMs - idlest.lastMs < idleMs) return false
  idlest.socket.destroy()
  return open.delete(idlest)
}

/** Ends those whose message does not come to an end. */
function endIncomplete(open: ReadonlySet<Connection>, nowMs: number): void {
  for (const { socket, incompleteSinceMs, hold } of open)
    if (!hold.isOn && incompleteSinceMs !== undefined && nowMs - incompleteSinceMs > incompleteMs)
      socket.destroy()
}

function push(one: Connection, chunk: Buffer): void {
  const { reader } = one
  one.lastMs = Date.now()
  reader.push(chunk)
  one.incompleteSinceMs = reader.isIncomplete ? (one.incompleteSinceMs ?? one.lastMs) : undefined
}

function toConnection(socket: Socket, reader: StreamReader, resume: () => void): Connection {
  const one: Connection = {
    ...{ socket, reader, lastMs: Date.now(), incompleteSinceMs: undefined },
    hold: createHold({
      ...{ socket, takeWaitMs: reader.takeWaitMs },
      onRelease: () => {
        one.lastMs = Date.now()
        // The wait was ours.
        if (one.incompleteSinceMs !== undefined) one.incompleteSinceMs = one.lastMs
        resume()
      },
    }),
  }
  return one
}

/** The open connections of one listener: bounded, and paused together. */
export function createConnections({ max, lost }: ConnectionsOptions) {
  const open = new Set<Connection>()
  let isPaused = false
  let chunks = 0

  const follow = (one: Connection): void => {
    const { socket, reader, hold } = one
    // A dead peer is found by the kernel; a silent one may have nothing to say.
    socket.setKeepAlive(true, keepAliveMs)
    socket.on('data', (chunk) => {
      chunks += 1
      push(one, chunk)
      hold.look()
    })
    socket.once('end', () => reader.end())
    socket.once('close', () => {
      open.delete(one)
      hold.end()
      if (reader.isIncomplete) lost('incomplete')
    })
    if (isPaused) socket.pause()
    hold.look()
  }

  return {
    get size() {
      return open.size
    },
    /** Goes up with each read. */
    get chunks() {
      return chunks
    },
    add: (socket: Socket, reader: StreamReader): void => {
      const nowMs = Date.now()
      if (open.size >= max && !endIdlest(open, nowMs)) {
        lost('refused')
        socket.destroy()
        return
      }
      const one = toConnection(socket, reader, () => {
        if (!isPaused) socket.resume()
      })
      open.add(one)
      follow(one)
    },
    pause: (): void => {
      isPaused = true
      for (const { socket } of open) socket.pause()
    },
    resume: (): void => {
      isPaused = false
      for (const { socket, hold } of open) if (!hold.isOn) socket.resume()
    },
    sweep: (nowMs: number): void => {
      if (!isPaused) endIncomplete(open, nowMs)
    },
    closeAll: (): void => {
      for (const { socket } of open) {
        socket.end()
        socket.destroySoon()
      }
    },
  }
}
