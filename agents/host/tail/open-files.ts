import { type FileHandle, open } from 'node:fs/promises'
import type { Position } from './checkpoints.ts'
import type { Found } from './discover.ts'
import { matches } from './fingerprint.ts'
import type { KeptPositions, Renamed } from './kept-positions.ts'
import { createTrackedFile, endOf, newPosition, type TrackedFile } from './tracked-file.ts'

/** Opens files where they were left. What is kept of them stays until they are followed. Throws Node's error. */
export interface Opener {
  /** One that was never followed is opened where it is to be read from. */
  open(found: Found): Promise<TrackedFile>
  /** Undefined when the file holds something else than what was followed: then what is kept of that is dropped. */
  openRenamed(renamed: Renamed): Promise<TrackedFile | undefined>
  /** Globs whose matches are known from now on: what comes later is read from its beginning. */
  settle(patterns: readonly string[]): void
  readonly patterns: readonly string[]
}

interface Options {
  readonly kept: KeptPositions
  /** Globs that were followed before. */
  readonly settled: readonly string[]
}

type Place = (handle: FileHandle) => Promise<Position | undefined>

async function openAt(
  { key, tail, path }: Omit<Found, 'pattern'>,
  place: Place,
): Promise<TrackedFile | undefined> {
  const handle = await open(path, 'r')
  try {
    const position = await place(handle)
    if (position !== undefined) return createTrackedFile({ key, tail, handle, position })
  } catch (error) {
    await handle.close()
    throw error
  }
  await handle.close()
  return undefined
}

export function createOpener({ kept, settled }: Options): Opener {
  const patterns = new Set(settled)
  let first = true

  const positionFor = async (found: Found, handle: FileHandle): Promise<Position> => {
    const before = kept.all.get(found.key)
    if (before !== undefined && (await matches(handle, before.fingerprint)))
      return { ...before, path: found.path }
    // An inode that holds something else now is a new file.
    const wasThere = first && before === undefined && !patterns.has(found.pattern)
    const fromEnd = wasThere && found.tail.start === 'end'
    return fromEnd ? endOf(handle, found.path) : newPosition(found.path)
  }

  return {
    open: async (found) => {
      const file = await openAt(found, (handle) => positionFor(found, handle))
      if (file === undefined) throw new Error('BUG: every found file has a position')
      return file
    },
    openRenamed: async ({ position, ...renamed }) => {
      const file = await openAt(renamed, async (handle) =>
        (await matches(handle, position.fingerprint)) ? position : undefined,
      )
      if (file === undefined) kept.drop(renamed.key)
      return file
    },
    settle: (more) => {
      first = false
      for (const pattern of more) patterns.add(pattern)
    },
    get patterns() {
      return [...patterns]
    },
  }
}
