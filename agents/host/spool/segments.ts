import { open, readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { parseRecords, type SpoolRecord } from './record.ts'

export interface SegmentOptions {
  readonly dir: string
  /** Of all segments together; above it the oldest is dropped. */
  readonly maxBytes: number
  /** A segment is closed when it has reached this; 1 MiB unless said. */
  readonly segmentBytes?: number
}

/** One file of records. */
export interface Segment {
  readonly file: string
  bytes: number
}

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

/** The files of a spool, oldest first. */
export function createSegments(
  { dir, maxBytes, segmentBytes = 1024 ** 2 }: SegmentOptions,
  segments: Segment[],
) {
  let sequence = Number.parseInt(segments.at(-1)?.file.slice(-18) ?? '0', 10)
  /** The segment that records are added to. A new process never continues an old one: its end may be torn. */
  let active: Segment | undefined
  let lost = 0
  const bytes = () => segments.reduce((sum, segment) => sum + segment.bytes, 0)

  const read = async ({ file }: Segment): Promise<SpoolRecord[]> => {
    const { records, whole } = parseRecords(await readFile(file).catch(() => Buffer.alloc(0)))
    if (!whole) lost += 1
    return records
  }

  const remove = async (segment: Segment): Promise<void> => {
    if (segment === active) active = undefined
    const at = segments.indexOf(segment)
    if (at >= 0) segments.splice(at, 1)
    await rm(segment.file, { force: true })
  }

  const makeRoom = async (needed: number): Promise<void> => {
    for (;;) {
      const [oldest] = segments
      if (oldest === undefined || bytes() + needed <= maxBytes) return
      lost += (await read(oldest)).length
      await remove(oldest)
    }
  }

  const write = async (record: Uint8Array): Promise<void> => {
    await makeRoom(record.length)
    if (active === undefined || active.bytes >= segmentBytes) {
      sequence += 1
      active = { file: join(dir, nameOf(sequence)), bytes: 0 }
      segments.push(active)
    }
    const target = active
    target.bytes += record.length
    try {
      await appendDurably(target.file, record)
    } catch (error) {
      // What was written of it is a torn end: nothing may follow it in this segment.
      if (target === active) active = undefined
      throw error
    }
  }

  return {
    oldest: (): Segment | undefined => segments[0],
    seal: () => {
      active = undefined
    },
    bytes,
    lost: () => lost,
    read,
    remove,
    write,
  }
}
