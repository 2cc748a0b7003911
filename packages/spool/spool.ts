import { type SpoolRecord, toBytes } from './record.ts'
import { createSegments, readSegments, type Segment, type SegmentOptions } from './segments.ts'

/** Messages on disk until the broker has confirmed them, oldest first; bounded. One process only. */
export interface Spool {
  /** Resolves when the records are on the disk itself: all of them, or none. Those of several callers share one write. */
  append(...records: readonly SpoolRecord[]): Promise<void>
  /** As `append`, of a record that another spool forgets for it: taken without room too, since the other gives it back. */
  adopt(record: SpoolRecord): Promise<void>
  /** Sends everything through `send`, oldest first, and forgets a segment once all of it was sent. A rejection of `send` ends it and is thrown on; what of that
   *  segment was not sent is sent the next time, and all of it by another process, with the same message ids. At most `atOnce()` are on their way, one unless said. */
  drain(send: (record: SpoolRecord) => Promise<void>, atOnce?: () => number): Promise<void>
  readonly bytes: number
  /** Records given up since the start: dropped for the bound, or unreadable. */
  readonly lost: number
}

interface Waiting {
  readonly bytes: Uint8Array
  readonly needsRoom: boolean
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/** What one write takes, so that a burst does not become one buffer of its size. */
const maxWriteBytes = 4 * 1024 ** 2

const isDone = () => true
const isNotDone = () => false

type Segments = ReturnType<typeof createSegments>

/** Gathers what is appended while the disk is busy to its next write. */
function createWriter(segments: Segments) {
  const waiting: Waiting[] = []
  let running = false
  let current: Promise<void> = Promise.resolve()

  const takeGroup = (): Waiting[] => {
    let bytes = 0
    const count = waiting.findIndex((one) => {
      bytes += one.bytes.length
      return bytes > maxWriteBytes
    })
    return waiting.splice(0, count < 0 ? waiting.length : Math.max(1, count))
  }

  const write = async (group: readonly Waiting[]): Promise<void> => {
    const asked = group.reduce((sum, one) => sum + (one.needsRoom ? one.bytes.length : 0), 0)
    await segments.write(Buffer.concat(group.map(({ bytes }) => bytes)), asked)
    for (const { resolve } of group) resolve()
  }

  /** A group that does not fit may hold ones that do. */
  const writeGroup = async (group: readonly Waiting[]): Promise<void> => {
    if (group.length > 1 && (await write(group).then(isDone, isNotDone))) return
    for (const one of group) await write([one]).catch(one.reject)
  }

  const run = async (): Promise<void> => {
    running = true
    while (waiting.length > 0) {
      current = writeGroup(takeGroup())
      await current
    }
    running = false
  }

  return {
    append: (bytes: Uint8Array, needsRoom: boolean) =>
      new Promise<void>((resolve, reject) => {
        waiting.push({ bytes, needsRoom, resolve, reject })
        if (!running) run().catch(reject)
      }),
    /** Resolves when what is being written now is; what comes later goes to another segment once this one is sealed. */
    settled: () => current,
  }
}

type Send = (record: SpoolRecord) => Promise<void>

/** Sends segments, and remembers what is left of one that failed. */
function createSender(segments: Segments) {
  let left: { readonly file: string; readonly records: SpoolRecord[] } | undefined

  return async (segment: Segment, send: Send, atOnce: () => number): Promise<void> => {
    if (left?.file !== segment.file)
      left = { file: segment.file, records: await segments.read(segment) }
    const { records } = left
    while (records.length > 0) {
      const tried = records.slice(0, atOnce())
      const outcomes = await Promise.allSettled(tried.map(send))
      const unsent = tried.filter((_, at) => outcomes[at]?.status === 'rejected')
      records.splice(0, tried.length, ...unsent)
      const failure = outcomes.find((outcome) => outcome.status === 'rejected')
      if (failure !== undefined) throw failure.reason
    }
    left = undefined
  }
}

/** Opens the folder, which exists; what an earlier process left is sent first. */
export async function openSpool(options: SegmentOptions): Promise<Spool> {
  const segments = createSegments(options, await readSegments(options.dir))
  const writer = createWriter(segments)
  const sendSegment = createSender(segments)
  return {
    append: async (...records) => {
      if (records.length > 0) await writer.append(Buffer.concat(records.map(toBytes)), true)
    },
    adopt: (record) => writer.append(toBytes(record), false),
    drain: async (send, atOnce = () => 1) => {
      for (let oldest = segments.oldest(); oldest !== undefined; oldest = segments.oldest()) {
        // From here on new records go to a segment of their own; one that is being written is waited for.
        segments.seal()
        await writer.settled()
        await sendSegment(oldest, send, atOnce)
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
