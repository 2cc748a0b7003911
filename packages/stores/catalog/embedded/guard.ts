import { execFile } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface Account {
  readonly uid: number
  readonly gid: number
}

/** Of the programs: nothing of ours, whose variables may hold secrets. */
export const programEnvironment = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
}

/** PostgreSQL refuses root, so there it runs as `nobody`; undefined: as ourselves. */
export async function findAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const { stdout } = await run('getent', ['passwd', 'nobody'])
  const [, , uid, gid] = stdout.split(':')
  return { uid: Number(uid), gid: Number(gid) }
}

/** The words before a program so that it gets SIGINT (to PostgreSQL: a fast shutdown) when the thread that started it ends, however that ends, and runs as `account`.
 *  `paths` are what it must reach: only where a folder above them is closed to others (a project below /root) it keeps the capability to pass. */
export async function guardFor(
  account: Account | undefined,
  paths: readonly string[],
): Promise<readonly string[]> {
  const guard = ['setpriv', '--pdeathsig', 'INT']
  if (account === undefined) return [...guard, '--']
  const identity = [`--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups']
  const reachable = await Promise.all(paths.map((path) => isOpenAbove(path)))
  if (reachable.every(Boolean)) return [...guard, ...identity, '--inh-caps=-all', '--']
  const capability = ['--inh-caps=-all,+dac_read_search', '--ambient-caps=-all,+dac_read_search']
  // initdb asks access(2), which looks at capabilities only with this bit.
  return [...guard, ...identity, ...capability, '--securebits=+no_setuid_fixup', '--']
}

const searchByOthers = 0o001

async function isOpenAbove(path: string): Promise<boolean> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (((await stat(folder)).mode & searchByOthers) === 0) return false
    if (folder === dirname(folder)) return true
  }
}
