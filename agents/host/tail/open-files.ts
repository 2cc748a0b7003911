import { type FileHandle, open } from 'node:fs/promises'
import type { Checkpoints, Position } from './checkpoints.ts'
import type { Found } from './discover.ts'
import { matches } from './fingerprint.ts'
import { createKeptPositions, type KeptPositions } from './kept-positions.ts'
import { createTrackedFile, endOf, newPosition, type TrackedFile } from './tracked-file.ts'

export interface Opener {
  /** Opens a file at the place where it was left, or where a new one is to be read from. Throws Node's error. */
  open(found: Found): Promise<TrackedFile>
  /** Globs whose matches are known from now on: what comes later is read from its beginning. */
  settle(patterns: readonly string[]): void
  readonly patterns: readonly string[]
  /** Saved files that no glob leads to any more: they were renamed while the agent did not run. Those whose folder is away are kept for when they come back. */
  openRenamed(tailOf: (path: string) => Found['tail'] | undefined): Promise<TrackedFile[]>
  readonly kept: KeptPositions
}

export function createOpener(saved: Checkpoints): Opener {
  const kept = createKeptPositions(saved.files)
  const patterns = new Set(saved.patterns)
  let first = true
  let hasLooked = false

  const positionFor = async (found: Found, handle: FileHandle): Promise<Position> => {
    const before = kept.take(found.key)
    if (before !== undefined && (await matches(handle, before.fingerprint)))
      return { ...before, path: found.path }
    // An inode that holds something else now is a new file.
    const wasThere = first && before === undefined && !patterns.has(found.pattern)
    const fromEnd = wasThere && found.tail.start === 'end'
    return fromEnd ? endOf(handle, found.path) : newPosition(found.path)
  }

  const openAt = async (
    { key, tail, path }: Found,
    place: (handle: FileHandle) => Promise<Position | undefined>,
  ): Promise<TrackedFile | undefined> => {
    const handle = await open(path, 'r')
    const position = await place(handle)
    if (position !== undefined) return createTrackedFile({ key, tail, handle, position })
    await handle.close()
    return undefined
  }

  return {
    open: async (found) => {
      const file = await openAt(found, (handle) => positionFor(found, handle))
      if (file === undefined) throw new Error('BUG: every found file has a position')
      return file
    },
    settle: (settled) => {
      first = false
      for (const pattern of settled) patterns.add(pattern)
    },
    get patterns() {
      return [...patterns]
    },
    openRenamed: async (tailOf) => {
      const files: TrackedFile[] = []
      const renamed = hasLooked ? [] : await kept.takeRenamed()
      hasLooked = true
      for (const { key, path, position } of renamed) {
        const tail = tailOf(position.path)
        if (tail === undefined) continue
        const place = async (handle: FileHandle) =>
          (await matches(handle, position.fingerprint)) ? position : undefined
        // One that may not be read any more is not waited for.
        const file = await openAt({ key, path, tail, pattern: '' }, place).catch(() => undefined)
        if (file !== undefined) files.push(file)
      }
      return files
    },
    kept,
  }
}
