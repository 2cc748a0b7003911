import type { ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { backoffMs } from '@warren/platform/backoff'
import { reasonOf } from '@warren/platform/errors'
import type { Log } from '@warren/platform/log'
import { findBinaries } from './embedded/binaries.ts'
import { ensureCluster } from './embedded/cluster.ts'
import { findAccount } from './embedded/guard.ts'
import { awaitLeftovers } from './embedded/leftovers.ts'
import { choosePort } from './embedded/port.ts'
import { type ServerOptions, startServer, stopServer, urlOf } from './embedded/server.ts'

export interface EmbeddedPostgres {
  /** With its password: for this machine's own processes. */
  readonly url: string
  /** Of the server now; another after it was started again. */
  readonly pid: number
  /** Safe to call twice. */
  close(): Promise<void>
}

export interface EmbeddedPostgresOptions {
  readonly dataDir: string
  /** Of the binaries; the one that npm installed unless said otherwise. */
  readonly packageDir?: string
  readonly leftoverTimeoutMs?: number
  /** Hears that the server ended by itself, and how it came back. */
  readonly log?: Log
}

/** How long a server whose parent has died may take to end. */
const leftoverMs = 20_000

/** A private PostgreSQL 18 on a folder of its own (`dataDir`, made if absent), on a loopback port, for as long as the thread that called lives.
 *  One that ends by itself is started again on the same port. Throws a `fatal` error while another server runs on the folder. */
export async function startEmbeddedPostgres({
  dataDir,
  packageDir,
  leftoverTimeoutMs = leftoverMs,
  log,
}: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const binaries = await findBinaries(packageDir)
  const account = await findAccount()
  const cluster = await ensureCluster(dataDir, binaries, account)
  await awaitLeftovers(cluster.folder, leftoverTimeoutMs)
  const options = { dataDir, cluster, binaries, account, port: await choosePort(dataDir) }
  return keepRunning(options, await startServer(options), log)
}

function keepRunning(
  options: ServerOptions,
  first: ChildProcess,
  log: Log | undefined,
): EmbeddedPostgres {
  let child = first
  let closed: Promise<void> | undefined
  let restarting: Promise<void> | undefined
  const watch = () => {
    child.once('exit', (code, signal) => {
      if (closed !== undefined) return
      log?.error('PostgreSQL ended by itself, it is started again', { code, signal })
      restarting = restart()
    })
  }
  const restart = async () => {
    for (let attempt = 0; closed === undefined; attempt++) {
      await sleep(backoffMs(attempt, { firstMs: 100, maxMs: 5000 }))
      try {
        await awaitLeftovers(options.cluster.folder, leftoverMs)
        child = await startServer(options)
        log?.info('PostgreSQL started again', { pid: child.pid })
        return watch()
      } catch (error) {
        log?.error('PostgreSQL did not start, it is tried again', { error: reasonOf(error) })
      }
    }
  }
  const close = async () => {
    await restarting
    await stopServer(child)
  }
  watch()
  return {
    url: urlOf(options),
    get pid() {
      return child.pid ?? 0
    },
    close() {
      closed ??= close()
      return closed
    },
  }
}
