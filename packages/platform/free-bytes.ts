/** Bytes up to which a buffer is left to the collector. */
export const smallBytes = 8 * 1024

/** Gives the memory under bytes back at once, where the collector would find it only after marking the whole heap. For the one owner of a buffer that nobody reads any more,
 *  the operating system's writes included: every view of it is empty afterwards. What is small, or freed before, is left alone, and so is what Node.js cuts from its pools, as it does Buffers of
 *  up to 32 kB (`allocUnsafeSlow` does not): strangers have the rest. */
export function freeBytes(bytes: ArrayBufferView): void {
  const { buffer } = bytes
  if (!(buffer instanceof ArrayBuffer) || buffer.detached || buffer.byteLength <= smallBytes) return
  const isPart = bytes.byteLength < buffer.byteLength
  if (!isPart || buffer.byteLength !== Buffer.poolSize) buffer.transfer(0)
}
