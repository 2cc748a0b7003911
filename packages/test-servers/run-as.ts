import { execFile } from 'node:child_process'
import { chown } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** An account of this machine. */
export interface Account {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

export const isRoot = (): boolean => process.getuid?.() === 0

export async function findAccount(name: string): Promise<Account> {
  const { stdout } = await run('getent', ['passwd', name])
  const [, , uid, gid] = stdout.split(':')
  return { name, uid: Number(uid), gid: Number(gid) }
}

/** Gives the folder to the account; does nothing unless we are root, who alone could. */
export async function giveTo(folder: string, account: Account): Promise<void> {
  if (isRoot()) await chown(folder, account.uid, account.gid)
}

/** The words to put before a command so that it gets SIGKILL when the thread that started it ends, however that ends, and (as root) runs as `account`.
 *  The one capability kept lets it reach binaries and folders of its own below a folder that only root may enter. */
export function guardedBy(account?: Account): readonly string[] {
  const guard = ['setpriv', '--pdeathsig', 'KILL']
  if (account === undefined || !isRoot()) return [...guard, '--']
  const identity = [`--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups']
  const caps = ['--inh-caps=+dac_read_search', '--ambient-caps=+dac_read_search']
  return [...guard, ...identity, ...caps, '--']
}
