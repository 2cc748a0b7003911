import { statfs } from 'node:fs/promises'
import { storeError, toStoreError } from './store-error.ts'

/** Less than this and a checkpoint may not fit. */
const minFreeBytes = 64 * 1024 * 1024

/** Throws when the folder's disk is gone or full. */
export async function checkDisk(dir: string): Promise<void> {
  const { bavail, bsize } = await statfs(dir).catch((cause: unknown) => {
    throw toStoreError(cause)
  })
  if (bavail * bsize < minFreeBytes)
    throw storeError('disk_full', `no space left on the data disk: ${bavail * bsize} bytes free`)
}
