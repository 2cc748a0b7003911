import { rmSync, statfsSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const blockBytes = 1024 * 1024

/** Takes every block that is left of a disk, also those that others give back, and gives them up after the time said. */
export async function fillDisk(folder: string, ms: number): Promise<void> {
  const ballast = join(folder, 'ballast')
  const file = await open(ballast, 'a')
  const block = Buffer.alloc(blockBytes, 1)
  for (const until = Date.now() + ms; Date.now() < until; ) {
    const { bavail, bsize } = statfsSync(folder)
    const free = Math.min(blockBytes, bavail * bsize)
    if (free === 0) await sleep(50)
    else await file.write(block, 0, free).catch(() => sleep(50))
  }
  await file.close()
  rmSync(ballast)
}
