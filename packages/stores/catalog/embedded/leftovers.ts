import { readdir, readFile, readlink, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { WarrenError } from '@warren/platform/errors'

/** Waits until every process of an earlier server of this folder has ended (a parent's death stops it; recovery must not begin beside its last writers), then removes its lock file.
 *  PostgreSQL's own check takes a zombie, or another process with the old number, for a running server. Throws when one still runs after `deadlineMs`. */
export async function awaitLeftovers(folder: string, deadlineMs: number): Promise<void> {
  const deadline = Date.now() + deadlineMs
  const real = await realpath(folder)
  for (;;) {
    const [pid] = await processesIn(real)
    if (pid === undefined) break
    if (Date.now() >= deadline)
      throw new WarrenError(`another PostgreSQL (process ${pid}) runs on ${folder}`, {
        code: 'embedded_postgres_in_use',
        disposition: 'fatal',
      })
    await sleep(50)
  }
  await rm(join(real, 'postmaster.pid'), { force: true })
}

/** Every process of a PostgreSQL server has its data folder as working folder. A zombie has none. */
async function processesIn(folder: string): Promise<readonly number[]> {
  const found: number[] = []
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const cwd = await readlink(`/proc/${pid}/cwd`).catch(() => '')
    if (cwd === folder && (await isPostgres(pid))) found.push(Number(pid))
  }
  return found
}

async function isPostgres(pid: string): Promise<boolean> {
  const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')
  return name.trim() === 'postgres'
}
