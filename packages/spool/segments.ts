import { open, readdir, readFile, rm, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { reasonOf, WarrenError } from '@warren/platform/errors'
import { parseRecords, type SpoolRecord } from './record.ts'

export interface SegmentOptions {
  readonly dir: string
  /** Of all segments together, asked at each write; above it `whenFull` decides. */
  readonly maxBytes: number | (() => number)
  /** The oldest segment is dropped, or the new records are refused (`spool_full`, retry); the first unless said. */
  readonly whenFull?: 'drop oldest' | 'refuse'
  /** A segment is closed when it has reached this; 1 MiB unless said. */
  readonly segmentBytes?: number
}

/** One file of records. */
export interface Segment {
  readonly file: string
  bytes: number
}

/** A spool empties at the speed of whoever is away. */
const fullRetryMs = 10_000

const nameOf = (sequence: number): string => `${String(sequence).padStart(12, '0')}.spool`

/** What an earlier process left, oldest first. */
export async function readSegments(dir: string): Promise<Segment[]> {
  const names = (await readdir(dir)).filter((name) => name.endsWith('.spool')).sort()
  return Promise.all(
    names.map(async (name) => ({
      file: join(dir, name),
      bytes: (await stat(join(dir, name))).size,
    })),
  )
}

async function appendDurably(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, 'a', 0o600)
  try {
    await handle.appendFile(bytes)
    await handle.datasync()
  } finally {
    await handle.close()
  }
}

/** A new file survives a loss of power only when its folder was written too. */
async function syncFolder(dir: string): Promise<void> {
  const handle = await open(dir, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

const isGone = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT'

/** The files that there are, and what was given up. */
function createList(segments: Segment[]) {
  let lost = 0
  const read = async ({ file }: Segment): Promise<SpoolRecord[]> => {
    const { records, whole } = parseRecords(await readFile(file))
    if (!whole) lost += 1
    return records
  }
  const remove = async (segment: Segment): Promise<void> => {
    const at = segments.indexOf(segment)
    if (at >= 0) segments.splice(at, 1)
    await rm(segment.file, { force: true })
  }
  return {
    oldest: (): Segment | undefined => segments[0],
    add: (segment: Segment) => void segments.push(segment),
    bytes: () => segments.reduce((sum, segment) => sum + segment.bytes, 0),
    lost: () => lost,
    /** Throws when it cannot be read now, which says nothing of what is in it; one whose file is gone has nothing. */
    read: async (segment: Segment): Promise<SpoolRecord[]> => {
      try {
        return await read(segment)
      } catch (error) {
        if (!isGone(error)) throw unreadable(segment, error)
        lost += 1
        return []
      }
    },
    remove,
    drop: async (segment: Segment): Promise<void> => {
      // One that cannot be read held one record at least.
      lost += await read(segment).then(
        ({ length }) => length,
        () => 1,
      )
      await remove(segment)
    },
    /** Takes back what a failed write left, so that a full disk does not fill the bound with nothing. */
    cut: async (segment: Segment, length: number): Promise<void> => {
      if (length === 0) return remove(segment)
      const isCut = await truncate(segment.file, length).then(
        () => true,
        () => false,
      )
      if (isCut) segment.bytes = length
    },
  }
}

/** The files of a spool, oldest first. */
export function createSegments(options: SegmentOptions, segments: Segment[]) {
  const { dir, whenFull = 'drop oldest', segmentBytes = 1024 ** 2 } = options
  const maxBytes = () =>
    typeof options.maxBytes === 'number' ? options.maxBytes : options.maxBytes()
  const list = createList(segments)
  let sequence = Number.parseInt(segments.at(-1)?.file.slice(-18) ?? '0', 10)
  /** The segment that records are added to. A new process never continues an old one: its end may be torn. */
  let active: Segment | undefined

  const makeRoom = async (needed: number): Promise<void> => {
    while (list.bytes() + needed > maxBytes()) {
      const oldest = list.oldest()
      if (whenFull === 'refuse') throw fullError(maxBytes())
      if (oldest === undefined) return
      if (oldest === active) active = undefined
      await list.drop(oldest)
    }
  }

  const target = (): Segment => {
    if (active !== undefined && active.bytes < segmentBytes) return active
    sequence += 1
    const added = { file: join(dir, nameOf(sequence)), bytes: 0 }
    list.add(added)
    active = added
    return added
  }

  return {
    oldest: list.oldest,
    seal: () => {
      active = undefined
    },
    bytes: list.bytes,
    lost: list.lost,
    read: list.read,
    remove: list.remove,
    /** `asked` are the bytes that need room. */
    write: async (records: Uint8Array, asked: number): Promise<void> => {
      if (asked > 0) await makeRoom(asked)
      const segment = target()
      const before = segment.bytes
      segment.bytes += records.length
      try {
        await appendDurably(segment.file, records)
        if (before === 0) await syncFolder(dir)
      } catch (error) {
        // Nothing may follow what was written of it in this segment.
        if (segment === active) active = undefined
        await list.cut(segment, before)
        throw error
      }
    },
  }
}

const unreadable = ({ file }: Segment, cause: unknown): WarrenError =>
  new WarrenError(`${file} cannot be read: ${reasonOf(cause)}`, {
    code: 'spool_unreadable',
    disposition: 'retry',
    cause,
  })

const fullError = (maxBytes: number): WarrenError =>
  new WarrenError(`the spool is full (${maxBytes} bytes)`, {
    code: 'spool_full',
    disposition: 'retry',
    retryAfterMs: fullRetryMs,
  })
