import { readdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Of the file system that the folder is in, or its next parent that is there. */
async function deviceOf(dir: string): Promise<string | undefined> {
  try {
    return String((await stat(dir, { bigint: true })).dev)
  } catch {
    const parent = dirname(dir)
    return parent === dir ? undefined : deviceOf(parent)
  }
}

/** Whether what a folder had may come back: it cannot be read, or has nothing in it, as before its volume is mounted. One that is not there is deleted, as a container's folder,
 *  unless it was in another file system than what is there now. `key` is of a file that was in it, `<device>:<inode>`. */
export async function isAway(dir: string, key: string): Promise<boolean> {
  try {
    return (await readdir(dir)).length === 0
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return true
    return (await deviceOf(dir)) !== key.split(':')[0]
  }
}
