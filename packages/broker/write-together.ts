import type { Writable } from 'node:stream'

/**
 * From now on, what is written to a stream in one turn of the event loop goes to the operating system at once. An acknowledgement is 21 bytes, and its
 * system call costs as much as normalising a hundred points.
 */
export function writeTogether(stream: Writable): void {
  const write = stream.write
  const writeCorked = (...parts: Parameters<typeof write>): boolean => {
    if (stream.writableCorked === 0) {
      stream.cork()
      setImmediate(() => stream.uncork())
    }
    return write.apply(stream, parts)
  }
  stream.write = writeCorked as typeof write
}
