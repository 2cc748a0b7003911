import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TLSSocket } from 'node:tls'
import { plainAddress } from './allowed.ts'
import { type ConnectionLoss, createConnections, type StreamReader } from './connections.ts'
import { type ListenAddress, listenError } from './listen-error.ts'
import { type TlsSettings, toTlsOptions } from './tls-settings.ts'
import { untilQuiet } from './until-quiet.ts'

export interface Peer {
  readonly address: string
  /** Common name of the certificate that it has shown and that was found good. */
  readonly certificateName: string | undefined
}

export interface TcpOptions extends ListenAddress {
  readonly tls: TlsSettings | undefined
  readonly maxConnections: number
  readonly isAllowed: (address: string) => boolean
  /** Undefined for a peer that may not send. */
  readonly open: (peer: Peer) => StreamReader | undefined
  /** A connection that was not taken, or that ended within a message. */
  readonly lost: (reason: ConnectionLoss) => void
}

export interface TcpListener {
  readonly port: number
  readonly connections: number
  /** Stops reading, so that senders wait. */
  pause(): void
  resume(): void
  /** To be called some times a second. */
  sweep(nowMs: number): void
  /** Takes no more connections, reads what has come, ends the connections. */
  close(): Promise<void>
}

const drainMs = 1_000
/** Connections that the kernel holds for us between two turns of the event loop. */
const backlog = 512

function certificateNameOf(socket: TLSSocket): string | undefined {
  const name = socket.getPeerCertificate()?.subject?.CN
  return Array.isArray(name) ? name[0] : name
}

/** Calls `onSocket` for each connection whose address may send, once a handshake is done. */
function createListening(
  { tls, isAllowed, lost }: TcpOptions,
  onSocket: (socket: Socket, peer: Peer) => void,
): Server {
  const addressOf = ({ remoteAddress = '' }: Socket): string => plainAddress(remoteAddress)
  const refuse = (socket: Socket): void => {
    lost('refused')
    socket.destroy()
  }
  const silence = (socket: Socket): void =>
    // The close that follows tells all there is to do.
    void socket.on('error', () => undefined)
  if (tls === undefined)
    return createServer((socket) => {
      silence(socket)
      const address = addressOf(socket)
      if (!isAllowed(address)) return refuse(socket)
      onSocket(socket, { address, certificateName: undefined })
    })
  const server = createTlsServer(toTlsOptions(tls), (socket) => {
    silence(socket)
    const certificateName = tls.caFile === undefined ? undefined : certificateNameOf(socket)
    onSocket(socket, { address: addressOf(socket), certificateName })
  })
  // Before the handshake: it costs far more than a look at the address.
  server.prependListener('connection', (socket: Socket) => {
    if (!isAllowed(addressOf(socket))) refuse(socket)
  })
  server.on('tlsClientError', () => lost('refused'))
  return server
}

async function listen(server: Server, { host, port }: ListenAddress, what: string): Promise<void> {
  try {
    server.listen({ host, port, backlog, exclusive: true })
    await once(server, 'listening')
  } catch (error) {
    throw listenError(error, { host, port }, what)
  }
}

/** Listens; throws a `WarrenError` that says why it cannot (`port_taken`, `listen_failed` or `tls_file`). */
export async function openTcp(options: TcpOptions): Promise<TcpListener> {
  const { maxConnections, lost, open } = options
  const connections = createConnections({ max: maxConnections, lost })
  const server = createListening(options, (socket, peer) => {
    const reader = open(peer)
    if (reader !== undefined) return connections.add(socket, reader)
    lost('refused')
    socket.destroy()
  })
  // Handshakes that are not done are bounded too.
  server.maxConnections = maxConnections + backlog
  await listen(server, options, options.tls === undefined ? 'TCP' : 'TLS')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('BUG: not a TCP address')
  return {
    port: address.port,
    get connections() {
      return connections.size
    },
    pause: connections.pause,
    resume: connections.resume,
    sweep: connections.sweep,
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      await untilQuiet(() => connections.chunks, drainMs)
      connections.closeAll()
      await closed
    },
  }
}
