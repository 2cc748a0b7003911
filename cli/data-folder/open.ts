import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { ExitError, toDataFolderError } from '../exit-error.ts'
import { ensureFormat } from './format.ts'
import { lockFolder } from './lock.ts'

const currentFormat = 1

export interface DataFolder {
  readonly path: string
  /** The folder of one part, made when absent. */
  of(part: 'broker' | 'catalog' | 'stores' | 'agent'): string
  /** Lets another Warren use the folder. */
  release(): void
}

/** A write that must be possible before anything starts. */
function tryWriting(folder: string): void {
  const probe = join(folder, '.probe')
  writeFileSync(probe, Buffer.alloc(64 * 1024), { mode: 0o600, flush: true })
  rmSync(probe)
}

/** As `mkdir -p`. Node's own never returns below a folder that says ENOENT to every mkdir, such as /proc. */
function makeFolder(path: string): void {
  if (!existsSync(dirname(path))) makeFolder(dirname(path))
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    // Another start may have made it a moment ago.
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error
  }
}

/** Opens Warren's data folder for this process alone, or throws an `ExitError` that says why not. */
export async function openDataFolder(
  dir: string,
  say: (line: string) => void,
): Promise<DataFolder> {
  const path = resolve(dir)
  try {
    makeFolder(path)
    const lock = await lockFolder(path)
    tryWriting(path)
    ensureFormat(path, { current: currentFormat, migrations: [], say })
    return {
      path,
      of(part) {
        const folder = join(path, part)
        try {
          makeFolder(folder)
          return folder
        } catch (error) {
          throw toDataFolderError(folder, error)
        }
      },
      release: lock.release,
    }
  } catch (error) {
    throw error instanceof ExitError ? error : toDataFolderError(path, error)
  }
}
