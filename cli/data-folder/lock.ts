import { statSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { ExitError } from '../exit-error.ts'

export interface FolderLock {
  release(): void
}

function listen(name: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy())
    server.once('error', reject)
    server.listen(name, () => resolve(server.unref()))
  })
}

/** Makes this process the only one that uses the folder. The lock is an abstract socket named after the folder's inode:
 *  the kernel drops it with the process, however that ends, so a lock is never stale. */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const { dev, ino } = statSync(folder)
  try {
    const server = await listen(`\0warren-${dev}-${ino}`)
    return { release: () => void server.close() }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    throw new ExitError(
      'alreadyRunning',
      `another Warren runs on ${folder}: \`warren status\` shows it, \`warren stop\` ends it`,
    )
  }
}
