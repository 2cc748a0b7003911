import { dirname } from 'node:path'
import { reasonOf } from '@warren/platform/errors'
import type { Log } from '@warren/platform/log'
import type { TailConfig } from '../config.ts'
import type { Checkpoints } from './checkpoints.ts'
import { createTailOf, discover, type Found, readKey } from './discover.ts'
import { isAway } from './is-away.ts'
import { createKeptPositions, type KeptPositions } from './kept-positions.ts'
import { createOpener } from './open-files.ts'
import { maxFiles, type TrackedFile } from './tracked-file.ts'

export interface Followed {
  /** Files to read, in turn. */
  readonly files: ReadonlyMap<string, TrackedFile>
  /** Opens what the globs name and is not open yet; marks what they name no longer. */
  discover(): Promise<void>
  /** True when a followed path leads to another file than the open one: time to discover. */
  hasRotated(): Promise<boolean>
  /** Closes a file. Where it was left is remembered unless it is deleted, or renamed and read to its end: a folder that is away for a moment comes back with it. */
  forget(file: TrackedFile): Promise<void>
  /** Of everything that is followed, as confirmed. */
  checkpoints(): Checkpoints
  close(): Promise<void>
}

interface Options {
  readonly tails: readonly TailConfig[]
  readonly saved: Checkpoints
  readonly log: Log
}

/** Files by inode, with what was saved of them. Rotation is a new inode at a path: the old file stays open until it is read to its end. */
export function createFollowed({ tails, saved, log }: Options): Followed {
  const files = new Map<string, TrackedFile>()
  const kept = createKeptPositions(saved.files)
  const opener = createOpener({ kept, settled: saved.patterns })
  const follow = createFollow({ files, kept, log })
  let hasLooked = false

  /** What no glob leads to any more: it was renamed while the agent did not run. */
  const followRenamed = async (found: ReadonlyMap<string, Found>): Promise<void> => {
    if (hasLooked) return
    hasLooked = true
    for (const renamed of await kept.findRenamed(createTailOf(tails), (key) => found.has(key)))
      await follow(renamed.path, () => opener.openRenamed(renamed))
  }

  return {
    files,
    discover: async () => {
      const found = await discover(tails)
      // New files first, while the old one still carries the path it had.
      for (const entry of found.values())
        if (!files.has(entry.key)) await follow(entry.path, () => opener.open(entry))
      await followRenamed(found)
      for (const file of files.values()) rename(file, found.get(file.key))
      opener.settle(tails.flatMap(({ paths }) => paths))
    },
    hasRotated: () => anyRotated(files.values()),
    forget: async (file) => {
      files.delete(file.key)
      // At once: who looks for files meanwhile finds it again, and goes on where it was.
      kept.keep(file.key, file.confirmed)
      for (const other of files.values())
        if (other.predecessor === file) other.predecessor = undefined
      if (await isOver(file)) kept.drop(file.key)
      await file.handle.close()
    },
    checkpoints: () => ({
      version: 1,
      patterns: [...opener.patterns],
      files: Object.fromEntries([
        ...kept.all,
        ...[...files.values()].map((file) => [file.key, file.confirmed] as const),
      ]),
    }),
    close: async () => {
      for (const { handle } of files.values()) await handle.close()
      files.clear()
    },
  }
}

interface FollowOptions {
  readonly files: Map<string, TrackedFile>
  readonly kept: KeptPositions
  readonly log: Log
}

/** Opens files and adds them; says of each that cannot be followed why, once. */
function createFollow({ files, kept, log }: FollowOptions) {
  const refused = new Set<string>()
  const refuse = (path: string, reason: string): void => {
    if (!refused.has(path)) log.warn('file cannot be followed', { path, reason })
    refused.add(path)
  }
  return async (path: string, open: () => Promise<TrackedFile | undefined>): Promise<void> => {
    if (files.size >= maxFiles) return refuse(path, `more than ${maxFiles} files`)
    try {
      const file = await open()
      if (file === undefined) return
      file.predecessor = [...files.values()].find((other) => other.path === path)
      // Together, and only now: checkpoints are written meanwhile, and one that could not be opened is tried again.
      files.set(file.key, file)
      kept.drop(file.key)
      refused.delete(path)
    } catch (error) {
      refuse(path, reasonOf(error))
    }
  }
}

/** Whether nothing will lead to it again: it is deleted, and its inode may be another file's soon, or it was renamed and read to its end. One that cannot be asked may be there. */
async function isOver({ handle, done, path, key }: TrackedFile): Promise<boolean> {
  const stats = await handle.stat().catch(() => undefined)
  return stats?.nlink === 0 || (done && !(await isAway(dirname(path), key)))
}

/** Gives a file the name that leads to it now, or notes that none does. */
function rename(file: TrackedFile, found: Found | undefined): void {
  if (found === undefined) file.detachedMs ??= Date.now()
  else Object.assign(file, { path: found.path, detachedMs: undefined, done: false })
}

async function anyRotated(files: Iterable<TrackedFile>): Promise<boolean> {
  for (const { path, key, detachedMs } of files)
    if (detachedMs === undefined && (await readKey(path)) !== key) return true
  return false
}
