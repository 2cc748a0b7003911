import { once } from 'node:events'
import { connect } from 'node:net'
import { freePort } from './free-port.ts'
import { startServer, type TestServer } from './test-server.ts'

/** Redis 7.0 of the Debian package `redis-server`, keeping nothing on disk. */
export async function startRedis(): Promise<TestServer> {
  const port = await freePort()
  return startServer({
    name: 'redis',
    port,
    url: `redis://127.0.0.1:${port}`,
    command: (dataDir) => [
      'redis-server',
      ...['--port', String(port), '--bind', '127.0.0.1', '--dir', dataDir],
      ...['--save', '', '--appendonly', 'no', '--daemonize', 'no'],
    ],
    ready: () => answersPing(port),
    deadlineMs: 20_000,
  })
}

async function answersPing(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  socket.setTimeout(2000, () => socket.destroy(new Error('no answer in 2 s')))
  try {
    await once(socket, 'connect')
    socket.write('PING\r\n')
    const [answer] = (await once(socket, 'data')) as [Buffer]
    if (!answer.toString('latin1').startsWith('+PONG')) throw new Error(answer.toString('latin1'))
  } finally {
    socket.destroy()
  }
}
