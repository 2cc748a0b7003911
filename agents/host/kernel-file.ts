import { closeSync, openSync, readSync } from 'node:fs'

/** A file that the kernel makes anew on each read, kept open between reads. */
export interface KernelFile {
  /** The whole text, now. Throws Node's error when it cannot be read. */
  read(): string
  close(): void
}

/** One buffer for all: reads are synchronous, and a kernel file never waits for a disk. */
let buffer = Buffer.allocUnsafe(64 * 1024)

function readWhole(fd: number): string {
  let length = 0
  for (;;) {
    const read = readSync(fd, buffer, length, buffer.length - length, length)
    if (read === 0) return buffer.toString('latin1', 0, length)
    length += read
    if (length < buffer.length) continue
    const larger = Buffer.allocUnsafe(buffer.length * 2)
    buffer.copy(larger, 0, 0, length)
    buffer = larger
  }
}

export function createKernelFile(path: string): KernelFile {
  let fd: number | undefined
  const close = () => {
    if (fd !== undefined) closeSync(fd)
    fd = undefined
  }
  return {
    read: () => {
      fd ??= openSync(path, 'r')
      try {
        return readWhole(fd)
      } catch (error) {
        close()
        throw error
      }
    },
    close,
  }
}

/** Reads a kernel file that is not worth keeping open; undefined when it is gone. */
export function readKernelFile(path: string): string | undefined {
  let fd: number
  try {
    fd = openSync(path, 'r')
  } catch {
    return undefined
  }
  try {
    return readWhole(fd)
  } catch {
    return undefined
  } finally {
    closeSync(fd)
  }
}

/** The words of each line. */
export const rowsOf = (text: string): string[][] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.trim().split(/\s+/))
