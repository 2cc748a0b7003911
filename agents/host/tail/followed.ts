import { reasonOf } from '@warren/platform/errors'
import type { Log } from '@warren/platform/log'
import type { TailConfig } from '../config.ts'
import type { Checkpoints } from './checkpoints.ts'
import { discover, type Found, readKey } from './discover.ts'
import { createOpener } from './open-files.ts'
import type { TrackedFile } from './tracked-file.ts'

export interface Followed {
  /** Files to read, in turn. */
  readonly files: ReadonlyMap<string, TrackedFile>
  /** Opens what the globs name and is not open yet; marks what they name no longer. */
  discover(): Promise<void>
  /** True when a followed path leads to another file than the open one: time to discover. */
  hasRotated(): Promise<boolean>
  /** Closes a file. Where it was left is remembered unless it is deleted: a folder that is away for a moment comes back with it. */
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

/** Each open file is a descriptor. */
const maxFiles = 2_048

/** Files by inode, with what was saved of them. Rotation is a new inode at a path: the old file stays open until it is read to its end. */
export function createFollowed({ tails, saved, log }: Options): Followed {
  const files = new Map<string, TrackedFile>()
  const opener = createOpener(saved)
  const refused = new Set<string>()

  const refuse = (path: string, reason: string): void => {
    if (!refused.has(path)) log.warn('file cannot be followed', { path, reason })
    refused.add(path)
  }

  const follow = async (found: Found): Promise<void> => {
    if (files.size >= maxFiles) return refuse(found.path, `more than ${maxFiles} files`)
    try {
      const file = await opener.open(found)
      file.predecessor = [...files.values()].find(({ path }) => path === found.path)
      files.set(file.key, file)
      refused.delete(found.path)
    } catch (error) {
      refuse(found.path, reasonOf(error))
    }
  }

  const tailOf = (path: string): TailConfig | undefined =>
    [...files.values()].find((file) => file.path === path)?.tail ?? tails[0]

  return {
    files,
    discover: async () => {
      const found = await discover(tails)
      // New files first, while the old one still carries the path it had.
      for (const entry of found.values()) if (!files.has(entry.key)) await follow(entry)
      for (const file of await opener.openRenamed(tailOf)) files.set(file.key, file)
      for (const file of files.values()) rename(file, found.get(file.key))
      opener.settle(tails.flatMap(({ paths }) => paths))
    },
    hasRotated: () => anyRotated(files.values()),
    forget: async (file) => {
      files.delete(file.key)
      for (const other of files.values())
        if (other.predecessor === file) other.predecessor = undefined
      if (!(await isDeleted(file))) opener.kept.keep(file.key, file.confirmed)
      await file.handle.close()
    },
    checkpoints: () => ({
      version: 1,
      patterns: [...opener.patterns],
      files: Object.fromEntries([
        ...opener.kept.all,
        ...[...files.values()].map((file) => [file.key, file.confirmed] as const),
      ]),
    }),
    close: async () => {
      for (const { handle } of files.values()) await handle.close()
      files.clear()
    },
  }
}

/** Its inode may be another file's soon. One that cannot be asked may be there. */
const isDeleted = async ({ handle }: TrackedFile): Promise<boolean> =>
  (await handle.stat().catch(() => undefined))?.nlink === 0

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
