import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { toStoreError } from '../../duckdb/store-error.ts'

/** Less than any commit needs. */
const probe = Buffer.alloc(64 * 1024, 1)

/** Throws `disk_full` or `store_io` when the folder takes no more data. */
export async function checkDisk(dir: string): Promise<void> {
  const path = join(dir, '.check')
  try {
    await mkdir(dir, { recursive: true })
    await writeFile(path, probe)
  } catch (cause) {
    throw toStoreError(cause)
  } finally {
    await rm(path, { force: true })
  }
}
