import { dirname } from 'node:path'
import type { Position } from './checkpoints.ts'
import { findByKey, isAway } from './discover.ts'

/** Each is written with every checkpoint. */
const maxKept = 100

/** A saved file, and the name that it has now. */
export interface Renamed {
  readonly key: string
  readonly path: string
  readonly position: Position
}

/** Where files were left that are not followed now, by key. */
export interface KeptPositions {
  readonly all: ReadonlyMap<string, Position>
  /** The one longest kept goes first when there are too many. */
  keep(key: string, position: Position): void
  /** Gives one back for good. */
  take(key: string): Position | undefined
  /** Gives back those whose files have other names, and lets go of those whose files are gone. What a folder had that is away stays: it may come back with its volume. */
  takeRenamed(): Promise<Renamed[]>
}

export function createKeptPositions(saved: Readonly<Record<string, Position>>): KeptPositions {
  const all = new Map(Object.entries(saved))
  const take = (key: string): Position | undefined => {
    const position = all.get(key)
    all.delete(key)
    return position
  }
  return {
    all,
    take,
    keep: (key, position) => {
      all.delete(key)
      all.set(key, position)
      const [oldest] = all.keys()
      if (all.size > maxKept && oldest !== undefined) all.delete(oldest)
    },
    takeRenamed: async () => {
      const renamed: Renamed[] = []
      for (const [key, position] of [...all]) {
        const dir = dirname(position.path)
        const path = await findByKey(dir, key)
        if (path === undefined && (await isAway(dir))) continue
        all.delete(key)
        if (path !== undefined) renamed.push({ key, path, position })
      }
      return renamed
    },
  }
}
