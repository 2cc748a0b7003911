import { rmSync, statfsSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const blockBytes = 1024 * 1024

/** Takes every block that is left of a disk but `leaveBytes`, also those that others give back, while `during` lasts; then gives them up. */
export async function fillDisk(
  folder: string,
  during: Promise<unknown>,
  leaveBytes = 0,
): Promise<void> {
  const ballast = join(folder, 'ballast')
  const file = await open(ballast, 'a')
  const block = Buffer.alloc(blockBytes, 1)
  let ended = false
  const end = during.finally(() => {
    ended = true
  })
  while (!ended) {
    const { bavail, bsize } = statfsSync(folder)
    const free = Math.min(blockBytes, bavail * bsize - leaveBytes)
    if (free <= 0) await sleep(50)
    else await file.write(block, 0, free).catch(() => sleep(50))
  }
  await file.close()
  rmSync(ballast)
  await end
}
