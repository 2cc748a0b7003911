/** Bytes of a message whose end has not come yet. */
export interface Carry {
  readonly length: number
  /** Copies them: a small rest must not keep the chunk that it came in. */
  add(bytes: Buffer): void
  /** What is held, valid until the next call. */
  view(): Buffer
  /** Forgets so many bytes from the start. */
  drop(bytes: number): void
}

const firstBytes = 256

export function createCarry(): Carry {
  let buffer = Buffer.alloc(0)
  let length = 0
  return {
    get length() {
      return length
    },
    add: (bytes) => {
      if (length + bytes.length > buffer.length) {
        const larger = Buffer.allocUnsafeSlow(
          Math.max(firstBytes, buffer.length * 2, length + bytes.length),
        )
        buffer.copy(larger, 0, 0, length)
        buffer = larger
      }
      bytes.copy(buffer, length)
      length += bytes.length
    },
    view: () => buffer.subarray(0, length),
    drop: (bytes) => {
      buffer.copyWithin(0, bytes, length)
      length -= bytes
      if (length === 0) buffer = Buffer.alloc(0)
    },
  }
}
