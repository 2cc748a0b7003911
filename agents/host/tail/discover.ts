import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import picomatch from 'picomatch'
import type { TailConfig } from '../config.ts'

/** A regular file that a tail's globs name. */
export interface Found {
  readonly path: string
  /** `<device>:<inode>`. */
  readonly key: string
  readonly tail: TailConfig
  /** The configured path or glob that named it. */
  readonly pattern: string
}

/** A glob deeper than this is not a log folder. */
const maxDepth = 16

export const keyOf = ({ dev, ino }: { dev: bigint; ino: bigint }): string => `${dev}:${ino}`

/** The file's key; undefined when it is gone, or is no regular file. */
export async function readKey(path: string): Promise<string | undefined> {
  try {
    const found = await stat(path, { bigint: true })
    return found.isFile() ? keyOf(found) : undefined
  } catch {
    return undefined
  }
}

async function* walk(dir: string, depth: number): AsyncGenerator<string> {
  const entries = await readdir(dir, { withFileTypes: true }).catch(() => [])
  for (const entry of entries) {
    const path = join(dir, entry.name)
    if (!entry.isDirectory()) yield path
    else if (depth > 1) yield* walk(path, depth - 1)
  }
}

const isGlob = (pattern: string): boolean => picomatch.scan(pattern).glob !== ''

async function pathsOf(pattern: string): Promise<string[]> {
  if (!isGlob(pattern)) return [pattern]
  const { base, glob } = picomatch.scan(pattern)
  const depth = glob.includes('**') ? maxDepth : glob.split('/').length
  const isMatch = picomatch(pattern)
  const paths: string[] = []
  for await (const path of walk(base, depth)) if (isMatch(path)) paths.push(path)
  return paths
}

async function* matchesOf(tail: TailConfig): AsyncGenerator<{ path: string; pattern: string }> {
  const isExcluded = picomatch([...tail.exclude])
  for (const pattern of tail.paths)
    for (const path of await pathsOf(pattern)) if (!isExcluded(path)) yield { path, pattern }
}

/** Every file that the tails name now, by key; a file that two of them name belongs to the first. */
export async function discover(tails: readonly TailConfig[]): Promise<Map<string, Found>> {
  const found = new Map<string, Found>()
  for (const tail of tails) {
    for await (const { path, pattern } of matchesOf(tail)) {
      const key = await readKey(path)
      if (key !== undefined && !found.has(key)) found.set(key, { path, key, tail, pattern })
    }
  }
  return found
}

export type TailOf = (path: string) => TailConfig | undefined

/** Finds the tail that a path belongs to, whether a file is there or not: the first that names it. */
export function createTailOf(tails: readonly TailConfig[]): TailOf {
  const matchers = tails.map(({ paths, exclude }) => {
    const isNamed = paths.map((path) => (isGlob(path) ? picomatch(path) : path))
    const isExcluded = picomatch([...exclude])
    return (path: string): boolean =>
      !isExcluded(path) &&
      isNamed.some((named) => (typeof named === 'string' ? named === path : named(path)))
  })
  return (path) => tails[matchers.findIndex((matches) => matches(path))]
}

/** The file of this key in the folder, whatever its name is now. */
export async function findByKey(dir: string, key: string): Promise<string | undefined> {
  for (const name of await readdir(dir).catch(() => [])) {
    const path = join(dir, name)
    if ((await readKey(path)) === key) return path
  }
  return undefined
}
