/** Gives the memory under bytes back at once, where the collector would find it only after marking the whole heap. For the one owner of a buffer that nobody reads any more,
 *  the operating system's writes included: every view of it is empty afterwards. What is small, or freed before, is left alone: small Buffers share theirs with strangers. */
export function freeBytes({ buffer }: Pick<ArrayBufferView, 'buffer'>): void {
  if (!(buffer instanceof ArrayBuffer) || buffer.detached) return
  if (buffer.byteLength > Buffer.poolSize) buffer.transfer(0)
}
