import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { reasonOf, WarrenError } from '@warren/platform/errors'
import type { Binaries } from './binaries.ts'
import { type Account, guardFor, programEnvironment } from './guard.ts'

const run = promisify(execFile)

/** Named after the format: the next major version needs another folder and an upgrade. */
const folderName = 'postgresql-18'

export interface Cluster {
  readonly folder: string
  readonly user: string
  readonly password: string
}

/** The database folder below `dataDir`, made at the first start; its password is in `dataDir/password`, mode 0600. */
export async function ensureCluster(
  dataDir: string,
  binaries: Binaries,
  account: Account | undefined,
): Promise<Cluster> {
  await mkdir(dataDir, { recursive: true })
  const folder = join(dataDir, folderName)
  const passwordFile = join(dataDir, 'password')
  if (!existsSync(folder)) await createCluster({ folder, passwordFile, binaries, account })
  return { folder, user: 'warren', password: (await readFile(passwordFile, 'utf8')).trim() }
}

/** initdb's own complaint, without the command line before it and the hints after. */
function setupError(cause: unknown): WarrenError {
  const words = reasonOf(cause)
  const full = /no space left|disk quota/i.test(words)
  const line = /error: (.*)|FATAL: +(.*)/.exec(words)?.[0] ?? words.split('\n').at(-1)
  return new WarrenError(`the embedded PostgreSQL could not be set up: ${line}`, {
    code: full ? 'disk_full' : 'embedded_postgres_failed',
    disposition: 'fatal',
    cause,
  })
}

interface NewCluster {
  readonly folder: string
  readonly passwordFile: string
  readonly binaries: Binaries
  readonly account: Account | undefined
}

/** Beside its place until it is complete, so that an interrupted first start is simply done again. */
async function createCluster({ folder, passwordFile, binaries, account }: NewCluster) {
  const staging = `${folder}.new`
  await rm(staging, { recursive: true, force: true })
  await mkdir(staging, { mode: 0o700 })
  await rm(passwordFile, { force: true })
  await writeFile(passwordFile, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 })
  // The program reads both as that account; root may anyway.
  if (account !== undefined)
    for (const path of [staging, passwordFile]) await chown(path, account.uid, account.gid)
  const guard = await guardFor(account, [binaries.initdb, staging])
  const options = ['-U', 'warren', `--pwfile=${passwordFile}`, '-A', 'scram-sha-256', '-E', 'UTF8']
  const [program = '', ...args] = [
    ...guard,
    binaries.initdb,
    '-D',
    staging,
    '--locale=C',
    ...options,
  ]
  await run(program, args, { cwd: staging, env: programEnvironment }).catch((cause: unknown) => {
    throw setupError(cause)
  })
  await rename(staging, folder)
}
