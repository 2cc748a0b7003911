import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** A TCP way to one server that can be cut in the middle of what passes. */
export interface Cutter {
  readonly port: number
  /** Of every open connection: half of the next bytes of the client pass, then both ends are closed. */
  cut(): void
  close(): Promise<void>
}

/** A connection on which nothing moves is closed after this. */
const idleMs = 300

function join(client: Socket, port: number): { cut(): void } {
  const server = connect(port, '127.0.0.1')
  let isCut = false
  const end = () => {
    client.destroy()
    server.destroy()
  }
  for (const socket of [client, server]) socket.on('error', end).on('close', end)
  client.on('data', (bytes: Buffer) => {
    if (!isCut) return void server.write(bytes)
    server.write(bytes.subarray(0, bytes.length >> 1), end)
  })
  server.pipe(client)
  return {
    cut: () => {
      isCut = true
      setTimeout(end, idleMs)
    },
  }
}

/** Listens on a port of its own, and passes everything on to the other. */
export async function startCutter(port: number): Promise<Cutter> {
  const open = new Map<Socket, { cut(): void }>()
  const server = createServer((client) => {
    open.set(client, join(client, port))
    client.on('close', () => open.delete(client))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('BUG: a TCP port expected')
  return {
    port: address.port,
    cut: () => {
      for (const line of open.values()) line.cut()
    },
    async close() {
      server.close()
      for (const client of open.keys()) client.destroy()
      await once(server, 'close')
    },
  }
}

/** The same address, by way of the cutter. */
export function through(url: string, { port }: Cutter): string {
  const address = new URL(url)
  address.port = String(port)
  return address.href
}
