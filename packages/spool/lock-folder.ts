import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { reasonOf, WarrenError } from '@warren/platform/errors'

/** A folder that is one's own until it is closed, or the process ends in any way. */
export interface FolderLock {
  /** Safe to call twice. */
  close(): Promise<void>
}

export const lockName = 'lock'

/** For an earlier process that is just being killed to be gone. */
const waitSeconds = 3

/** The lock belongs to the open file, which the child shares with us: it stays when the child ends, and the kernel takes it back with our last breath. */
async function flock({ fd }: FileHandle): Promise<'locked' | 'taken'> {
  const child = spawn('flock', ['-x', '-w', String(waitSeconds), '3'], {
    stdio: ['ignore', 'ignore', 'ignore', fd],
    // biome-ignore lint/style/noProcessEnv: where programs are, and none of our variables, which may hold secrets.
    env: { PATH: process.env['PATH'] },
  })
  // Rejects when there is no such program.
  const [code] = await once(child, 'exit')
  if (code === 0) return 'locked'
  if (code === 1) return 'taken'
  throw new Error(`flock ended with ${code}`)
}

/** Throws a `WarrenError`: `folder_taken` when another process has the folder, or this one has it twice; `folder_lock` when that cannot be known. */
export async function lockFolder(dir: string): Promise<FolderLock> {
  const file = await open(join(dir, lockName), 'a', 0o600)
  const state = await flock(file).catch(async (cause: unknown) => {
    await file.close()
    const message = `${dir} cannot be locked: ${reasonOf(cause)}`
    throw new WarrenError(message, { code: 'folder_lock', disposition: 'fatal', cause })
  })
  if (state === 'taken') {
    await file.close()
    const message = `${dir} belongs to another process that is running; each needs a folder of its own`
    throw new WarrenError(message, { code: 'folder_taken', disposition: 'fatal' })
  }
  let closed: Promise<void> | undefined
  return {
    close: () => {
      closed ??= file.close()
      return closed
    },
  }
}
