import { open, rm } from 'node:fs/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import { attachNewFile } from './attach-file.ts'
import { toStoreError } from './store-error.ts'

/** Beside the day file that it is to replace; no day file by its name, so that a crash leaves nothing that is read. */
export const draftOf = (path: string): string => `${path}.draft`

/** Also what a crash left of one. */
export async function removeDraft(path: string): Promise<void> {
  await rm(draftOf(path), { force: true })
  await rm(`${draftOf(path)}.wal`, { force: true })
}

/** Of a file or a folder: a renamed file survives a loss of power only when its folder was written too. */
export async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

interface DraftOptions {
  /** Of nobody else meanwhile. */
  readonly connection: DuckDBConnection
  /** Of the day file. */
  readonly path: string
  /** Free for the attached draft. */
  readonly catalog: string
  /** Writes the draft, whose quoted name it gets. */
  readonly fill: (name: string) => Promise<void>
}

/** Makes the draft of a day file: whole, closed and on the disk itself when this resolves, gone when it throws. */
export async function writeDraft({ connection, path, catalog, fill }: DraftOptions): Promise<void> {
  const name = `"${catalog}"`
  await removeDraft(path)
  try {
    await attachNewFile(connection, draftOf(path), { name })
    await fill(name)
    await connection.run(`CHECKPOINT ${name}`)
    await connection.run(`DETACH ${name}`)
    await syncPath(draftOf(path))
  } catch (cause) {
    await connection.run(`DETACH DATABASE IF EXISTS ${name}`).catch(() => undefined)
    await removeDraft(path)
    throw toStoreError(cause)
  }
}
