import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
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

/** Opens Warren's data folder for this process alone, or throws an `ExitError` that says why not. */
export async function openDataFolder(
  dir: string,
  say: (line: string) => void,
): Promise<DataFolder> {
  const path = resolve(dir)
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
    const lock = await lockFolder(path)
    tryWriting(path)
    ensureFormat(path, { current: currentFormat, migrations: [], say })
    return {
      path,
      of(part) {
        const folder = join(path, part)
        mkdirSync(folder, { recursive: true, mode: 0o700 })
        return folder
      },
      release: lock.release,
    }
  } catch (error) {
    throw error instanceof ExitError ? error : toDataFolderError(path, error)
  }
}
