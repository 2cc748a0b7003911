/** Puts chunked messages together: https://go2docs.graylog.org/current/getting_in_log_data/gelf_format.html#GELFviaUDP */
export interface Chunks {
  /** The message, once its last chunk is there; undefined while chunks are missing. A datagram that is no chunk is a message by itself. */
  add(datagram: Buffer, from: string, nowMs: number): Buffer | 'bad chunk' | undefined
  /** Forgets what has waited too long; the number of messages lost with it. */
  expire(nowMs: number): number
}

interface Incomplete {
  readonly parts: (Buffer | undefined)[]
  readonly sinceMs: number
  missing: number
  bytes: number
}

export interface ChunksOptions {
  /** Of all messages that wait for chunks; the oldest are dropped above it. */
  readonly maxBytes: number
  /** Chunks of one message may be this far apart. */
  readonly waitMs: number
}

const headerBytes = 12
/** Of the format. */
const maxChunks = 128

const isChunk = (bytes: Buffer): boolean => bytes[0] === 0x1e && bytes[1] === 0x0f

export function createChunks({ maxBytes, waitMs }: ChunksOptions): Chunks {
  // In the order of their first chunks.
  const waiting = new Map<string, Incomplete>()
  let bytes = 0
  let dropped = 0

  const forget = (key: string, message: Incomplete): void => {
    waiting.delete(key)
    bytes -= message.bytes
  }

  const makeRoom = (): void => {
    for (const [key, message] of waiting) {
      if (bytes <= maxBytes) return
      forget(key, message)
      dropped += 1
    }
  }

  return {
    add: (datagram, from, nowMs) => {
      if (!isChunk(datagram)) return datagram
      const [index = 0, count = 0] = datagram.subarray(10, headerBytes)
      if (datagram.length <= headerBytes || count > maxChunks || index >= count) return 'bad chunk'
      const key = `${from} ${count} ${datagram.toString('latin1', 2, 10)}`
      const message = waiting.get(key) ?? {
        parts: new Array<Buffer | undefined>(count),
        ...{ sinceMs: nowMs, missing: count, bytes: 0 },
      }
      waiting.set(key, message)
      if (message.parts[index] !== undefined) return undefined
      message.parts[index] = datagram.subarray(headerBytes)
      message.missing -= 1
      message.bytes += datagram.length
      bytes += datagram.length
      if (message.missing > 0) {
        makeRoom()
        return undefined
      }
      forget(key, message)
      return Buffer.concat(message.parts.filter((part) => part !== undefined))
    },
    expire: (nowMs) => {
      for (const [key, message] of waiting) {
        if (nowMs - message.sinceMs < waitMs) break
        forget(key, message)
        dropped += 1
      }
      const lost = dropped
      dropped = 0
      return lost
    },
  }
}
