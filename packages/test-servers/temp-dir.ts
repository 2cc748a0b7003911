import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A new empty folder `warren-<name>-…` under the system's temporary folder. */
export const makeTempDir = (name: string): Promise<string> =>
  mkdtemp(join(tmpdir(), `warren-${name}-`))

/** Removes the folder and all that is in it; a server that is just ending may still add files, hence the retries. */
export const removeTempDir = (folder: string): Promise<void> =>
  rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
