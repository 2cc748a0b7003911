import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { reasonOf, WarrenError } from '@warren/platform/errors'
import { Client } from 'pg'
import type { Binaries } from './binaries.ts'
import type { Cluster } from './cluster.ts'
import { type Account, guardFor, programEnvironment } from './guard.ts'

export interface ServerOptions {
  readonly dataDir: string
  readonly cluster: Cluster
  readonly binaries: Binaries
  readonly account: Account | undefined
  readonly port: number
}

export const urlOf = ({ cluster: { user, password }, port }: ServerOptions): string =>
  `postgres://${user}:${password}@127.0.0.1:${port}/postgres`

/** For a catalog of some hundred rows a minute on a machine that has other work. */
const settings = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'shared_buffers=16MB',
  'max_connections=40',
  'max_wal_size=128MB',
  'min_wal_size=32MB',
  // No helper processes beyond those it cannot do without.
  'io_method=sync',
  'max_worker_processes=1',
  'max_parallel_workers=0',
  'max_logical_replication_workers=0',
  'jit=off',
  'log_min_messages=warning',
]

/** Starts the server and waits until it takes sessions, recovery included; rejects with the end of its log. */
export async function startServer(options: ServerOptions): Promise<ChildProcess> {
  const { dataDir, cluster, binaries, account, port } = options
  const guard = await guardFor(account, [binaries.postgres, cluster.folder])
  const words = [...settings, `port=${port}`].flatMap((setting) => ['-c', setting])
  const [program = '', ...args] = [...guard, binaries.postgres, '-D', cluster.folder, ...words]
  const logFile = join(dataDir, 'postgresql.log')
  const log = await open(logFile, 'w')
  // Its own process group: Ctrl-C on a terminal must not end it before those who write to it.
  const child = spawn(program, args, {
    cwd: cluster.folder,
    stdio: ['ignore', log.fd, log.fd],
    detached: true,
    env: programEnvironment,
  })
  try {
    await once(child, 'spawn')
  } finally {
    await log.close()
  }
  try {
    await untilReady(child, urlOf(options))
  } catch (cause) {
    await stopServer(child)
    const tail = (await readFile(logFile, 'utf8')).trim().split('\n').slice(-3).join('; ')
    throw new WarrenError(`the embedded PostgreSQL did not start: ${reasonOf(cause)}: ${tail}`, {
      code: /no space left|disk quota/i.test(tail) ? 'disk_full' : 'embedded_postgres_failed',
      disposition: 'retry',
      cause,
    })
  }
  return child
}

const startTimeoutMs = 60_000

async function untilReady(child: ChildProcess, url: string): Promise<void> {
  const deadline = Date.now() + startTimeoutMs
  for (;;) {
    if (hasEnded(child)) throw new Error(`it ended with ${child.exitCode ?? child.signalCode}`)
    const client = new Client({ connectionString: url, connectionTimeoutMillis: 5000 })
    // The server may end while this one connects.
    client.on('error', () => undefined)
    try {
      await client.connect()
      return await client.end()
    } catch (error) {
      if (Date.now() >= deadline) throw error
    }
    await sleep(20)
  }
}

const hasEnded = (child: ChildProcess): boolean =>
  child.exitCode !== null || child.signalCode !== null

const fastShutdownMs = 15_000

/** A fast shutdown, which rolls open transactions back; an immediate one if that takes too long. */
export async function stopServer(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return
  const ended = once(child, 'exit')
  child.kill('SIGINT')
  const timer = setTimeout(() => child.kill('SIGQUIT'), fastShutdownMs)
  await ended
  clearTimeout(timer)
}
