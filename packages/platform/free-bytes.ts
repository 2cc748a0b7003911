/** Bytes up to which a buffer is left to the collector. */
export const smallBytes = 8 * 1024

/** Gives the memory under bytes back at once, where the collector would find it only after marking the whole heap. For the one owner of a buffer that nobody reads any more,
 *  the operating system's writes included: every view of it is empty afterwards. What is small, or freed before, is left alone, and so are the pools of which Node.js cuts Buffers of up to 32 kB (`allocUnsafeSlow` does not). */
export function freeBytes({ buffer }: Pick<ArrayBufferView, 'buffer'>): void {
  if (!(buffer instanceof ArrayBuffer) || buffer.detached) return
  if (buffer.byteLength > smallBytes && buffer.byteLength !== Buffer.poolSize) buffer.transfer(0)
}
