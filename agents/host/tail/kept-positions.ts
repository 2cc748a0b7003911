import { dirname } from 'node:path'
import type { TailConfig } from '../config.ts'
import type { Position } from './checkpoints.ts'
import { findByKey, type TailOf } from './discover.ts'
import { isAway } from './is-away.ts'
import { maxFiles } from './tracked-file.ts'

/** A saved file, the name that it has now, and the tail of the name that it had. */
export interface Renamed {
  readonly key: string
  readonly path: string
  readonly tail: TailConfig
  readonly position: Position
}

/** Where files were left that are not followed now, by key; the one longest kept goes first when there are too many. */
export interface KeptPositions {
  readonly all: ReadonlyMap<string, Position>
  keep(key: string, position: Position): void
  /** Its file is followed, or is not to be any more. */
  drop(key: string): void
  /** Those whose files have other names. Drops those that nothing leads to any more: no tail names them, or they are gone from a folder that is not away. */
  findRenamed(tailOf: TailOf, isFound: (key: string) => boolean): Promise<Renamed[]>
}

export function createKeptPositions(saved: Readonly<Record<string, Position>>): KeptPositions {
  const all = new Map(Object.entries(saved))

  const trim = (): void => {
    for (const oldest of all.keys()) {
      if (all.size <= maxFiles) return
      all.delete(oldest)
    }
  }
  const findOne = async (
    key: string,
    position: Position,
    tailOf: TailOf,
  ): Promise<Renamed | undefined> => {
    const dir = dirname(position.path)
    const tail = tailOf(position.path)
    const path = tail && (await findByKey(dir, key))
    if (tail !== undefined && path !== undefined) return { key, path, tail, position }
    if (tail === undefined || !(await isAway(dir, key))) all.delete(key)
    return undefined
  }

  return {
    all,
    drop: (key) => void all.delete(key),
    keep: (key, position) => {
      all.delete(key)
      all.set(key, position)
      trim()
    },
    findRenamed: async (tailOf, isFound) => {
      const renamed: Renamed[] = []
      for (const [key, position] of [...all]) {
        if (isFound(key)) continue
        const one = await findOne(key, position, tailOf)
        if (one !== undefined) renamed.push(one)
      }
      // Only now: most of what was saved is followed by then.
      trim()
      return renamed
    },
  }
}
