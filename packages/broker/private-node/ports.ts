import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { WarrenError } from '@warren/platform/errors'

/** Binds the port for a moment; 0 finds a free one. Throws `port_taken`. */
export async function probePort(port: number, host = '127.0.0.1'): Promise<number> {
  const server = createServer()
  server.listen({ port, host, exclusive: true })
  try {
    await once(server, 'listening')
  } catch (cause) {
    throw new WarrenError(`port ${port} on ${host} cannot be used: another program listens on it`, {
      code: 'port_taken',
      disposition: 'fatal',
      cause,
    })
  }
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('BUG: not a TCP address')
  return address.port
}

/** Whether something accepts a connection on the loopback port now. */
export function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    const end = (open: boolean) => {
      socket.destroy()
      resolve(open)
    }
    socket.once('connect', () => end(true))
    socket.once('error', () => end(false))
  })
}
