import { randomUUID } from 'node:crypto'
import type { FileHandle } from 'node:fs/promises'
import type { TailConfig } from '../config.ts'
import type { Position } from './checkpoints.ts'
import {
  emptyFingerprint,
  type Fingerprint,
  matches,
  mayGrow,
  readFingerprint,
} from './fingerprint.ts'

/** Each open file is a descriptor, and each position is written with every checkpoint. */
export const maxFiles = 2_048

/** One open file that is followed by its inode, whatever its name. */
export interface TrackedFile {
  readonly key: string
  readonly tail: TailConfig
  readonly handle: FileHandle
  path: string
  generation: string
  fingerprint: Fingerprint
  /** Up to here its lines were taken into batches. */
  offset: number
  skipping: boolean
  /** What is in the checkpoints: confirmed by the broker. */
  confirmed: Position
  /** Size and time of change at the last look. */
  seen: { readonly size: number; readonly mtimeMs: number }
  /** What is left is the start of a line whose end is not written yet. */
  waiting: boolean
  /** Nothing is left and nobody will add to it. */
  done: boolean
  /** The generation that the checkpoints on disk know. Until they do, its records would have other ids after a crash, so none is sent. */
  savedGeneration: string | undefined
  /** When no configured name led to it any more, milliseconds; undefined while one does. */
  detachedMs: number | undefined
  /** The file that had this path before: read to its end first. */
  predecessor: TrackedFile | undefined
}

export const positionOf = (file: TrackedFile): Position => ({
  path: file.path,
  generation: file.generation,
  fingerprint: file.fingerprint,
  offset: file.offset,
  skipping: file.skipping,
})

export const newPosition = (path: string): Position => ({
  path,
  generation: randomUUID(),
  fingerprint: emptyFingerprint,
  offset: 0,
  skipping: false,
})

interface Opened {
  readonly key: string
  readonly tail: TailConfig
  readonly handle: FileHandle
  readonly position: Position
}

export const createTrackedFile = ({ key, tail, handle, position }: Opened): TrackedFile => ({
  key,
  tail,
  handle,
  ...position,
  confirmed: position,
  seen: { size: -1, mtimeMs: -1 },
  waiting: false,
  done: false,
  savedGeneration: undefined,
  detachedMs: undefined,
  predecessor: undefined,
})

function startAnew(file: TrackedFile): void {
  const { generation, fingerprint, offset, skipping } = newPosition(file.path)
  Object.assign(file, { generation, fingerprint, offset, skipping })
}

/** Looks at the file before it is read: false when nothing changed since the last look. A file that shrank, or that starts with other bytes than before,
 *  was truncated: it is read from its beginning as a new generation. */
export async function prepareRead(file: TrackedFile): Promise<boolean> {
  const { size, mtimeMs } = await file.handle.stat()
  if (size === file.seen.size && mtimeMs === file.seen.mtimeMs) return false
  const truncated = size < file.offset || !(await matches(file.handle, file.fingerprint))
  if (truncated) startAnew(file)
  if (mayGrow(file.fingerprint) && size > file.fingerprint.length)
    file.fingerprint = await readFingerprint(file.handle)
  if (truncated) file.confirmed = positionOf(file)
  file.seen = { size, mtimeMs }
  return true
}

/** The end of the file, for one that is read from there; in the middle of a line the rest of it is left out. */
export async function endOf(handle: FileHandle, path: string): Promise<Position> {
  const { size } = await handle.stat()
  const last = Buffer.alloc(1)
  if (size > 0) await handle.read(last, 0, 1, size - 1)
  return {
    ...newPosition(path),
    fingerprint: await readFingerprint(handle),
    offset: size,
    skipping: size > 0 && last[0] !== 0x0a,
  }
}
