const leastRoom = 1024

/** `chunkSize` for `node:zlib` to pack so many bytes that are packed at once. What it makes comes in parts of that size, 16 kB unless told, and each part is another round trip to a thread:
 *  a large answer, of which several pieces are packed at once, took a third longer. Text mostly becomes less than half of itself. */
export const roomToPack = (bytes: number): number => Math.max(leastRoom, Math.ceil(bytes / 2))

/** The same to pack a stream: a fifth less CPU than with parts of 16 kB; larger ones gain no more. */
export const streamRoom = 65_536
