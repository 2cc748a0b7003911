import { type SpoolRecord, toBytes } from './record.ts'
import { createSegments, readSegments, type SegmentOptions } from './segments.ts'

/** Messages on disk until the broker has confirmed them, oldest first; bounded by dropping the oldest segment. One process only. */
export interface Spool {
  /** Resolves when the record is on the disk itself. */
  append(record: SpoolRecord): Promise<void>
  /** Sends everything through `send`, oldest first, and forgets a segment once all of it was sent. A rejection of `send` ends it and is thrown on; that segment is
   *  sent again from its start the next time, with the same message ids. */
  drain(send: (record: SpoolRecord) => Promise<void>): Promise<void>
  readonly bytes: number
  /** Records given up since the start: dropped for the bound, or unreadable. */
  readonly lost: number
}

/** Opens the folder, which exists; what an earlier process left is sent first. */
export async function openSpool(options: SegmentOptions): Promise<Spool> {
  const segments = createSegments(options, await readSegments(options.dir))
  let appended: Promise<void> = Promise.resolve()
  return {
    append: (record) => {
      const written = appended.then(() => segments.write(toBytes(record)))
      appended = written.catch(() => undefined)
      return written
    },
    drain: async (send) => {
      for (let oldest = segments.oldest(); oldest !== undefined; oldest = segments.oldest()) {
        // From here on new records go to a segment of their own; one that is being written is waited for.
        segments.seal()
        await appended
        for (const record of await segments.read(oldest)) await send(record)
        await segments.remove(oldest)
      }
    },
    get bytes() {
      return segments.bytes()
    },
    get lost() {
      return segments.lost()
    },
  }
}
