import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from './free-port.ts'
import { findAccount, guardedBy, isRoot } from './run-as.ts'
import { startServer, type TestServer } from './test-server.ts'

const run = promisify(execFile)
const binaries = '/usr/lib/postgresql/15/bin'

/** PostgreSQL 15 of the Debian package `postgresql`, with the user and database `postgres`, trusting every connection from this machine. */
export async function startPostgres(options: readonly string[] = []): Promise<TestServer> {
  const port = await freePort()
  const account = isRoot() ? await findAccount('postgres') : undefined
  return startServer({
    name: 'postgres',
    port,
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    ...(account === undefined ? {} : { account }),
    async prepare(dataDir) {
      const initdb = [join(binaries, 'initdb'), '-D', join(dataDir, 'data'), '-U', 'postgres']
      const how = ['-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync']
      const [program = '', ...args] = [...guardedBy(account), ...initdb, ...how]
      await run(program, args, { cwd: dataDir })
    },
    command: (dataDir) => [
      join(binaries, 'postgres'),
      ...['-D', join(dataDir, 'data'), '-p', String(port), '-k', dataDir],
      ...['-c', 'listen_addresses=127.0.0.1', '-c', 'shared_buffers=16MB', ...options],
    ],
    ready: async () => {
      if (!existsSync(binaries)) throw new Error(`${binaries} is missing`)
      await acceptsSessions(port)
    },
    deadlineMs: 20_000,
    // A fast shutdown: SIGTERM would wait for every client to leave.
    stopSignal: 'SIGINT',
  })
}

/** Resolves when a start-up packet is answered with anything but an error (`the database system is starting up`). */
async function acceptsSessions(port: number): Promise<void> {
  const body = Buffer.from('\0\x03\0\0user\0postgres\0database\0postgres\0\0', 'latin1')
  const head = Buffer.alloc(4)
  head.writeInt32BE(body.length + 4)
  const socket = connect(port, '127.0.0.1')
  socket.setTimeout(2000, () => socket.destroy(new Error('no answer in 2 s')))
  try {
    await once(socket, 'connect')
    socket.write(Buffer.concat([head, body]))
    const [answer] = (await once(socket, 'data')) as [Buffer]
    if (answer[0] !== 'R'.charCodeAt(0)) throw new Error(answer.toString('latin1'))
  } finally {
    socket.destroy()
  }
}
