import type { Listener, LossReason } from '../listeners/listener.ts'
import { createAllowed, plainAddress } from '../sockets/allowed.ts'
import type { StreamReader } from '../sockets/connections.ts'
import { openTcp, type Peer, type TcpListener } from '../sockets/tcp.ts'
import { openUdp, type UdpListener } from '../sockets/udp.ts'
import { createArrival, stampArrival } from './arrivals.ts'
import type { ListenerEntry } from './entry.ts'
import type { Inlet } from './inlet.ts'

export interface SocketsOptions {
  readonly entry: ListenerEntry
  readonly listener: Listener
  /** Of the tenant of the configuration. */
  readonly inlet: Inlet
  readonly inletOf: (tenant: string) => Inlet
  /** No more may be taken now. */
  readonly isFull: () => boolean
  readonly lost: (reason: LossReason, count: number) => void
  readonly taken: () => void
  /** Told of an error that the listener owed not to throw. */
  readonly broke: (error: unknown) => void
}

/** The sockets of one listener, on one port. */
export interface Sockets {
  readonly port: number
  readonly tcp: TcpListener | undefined
  readonly udp: UdpListener | undefined
  close(): Promise<void>
}

/** A slip of a protocol's reader costs the message that it slipped on: whoever sends one must not end what others send. */
const takeSafely =
  ({ listener, lost, broke }: SocketsOptions): Listener['take'] =>
  (message, arrival) => {
    try {
      listener.take(message, arrival)
    } catch (error) {
      lost('malformed', 1)
      broke(error)
    }
  }

type OnDatagram = (bytes: Buffer, address: string) => void

function toOnDatagram(options: SocketsOptions, isAllowed: (address: string) => boolean) {
  const { listener, inlet, isFull, lost, taken } = options
  const { maxMessageBytes } = listener
  const take = takeSafely(options)
  const arrival = createArrival('', inlet.sink)
  const onDatagram: OnDatagram = (bytes, from) => {
    const address = plainAddress(from)
    if (!isAllowed(address)) return lost('refused', 1)
    if (isFull()) return lost('full', 1)
    if (inlet.limit?.excess('dropped') !== undefined) return lost('limited', 1)
    stampArrival(arrival)
    arrival.address = address
    arrival.isCut = bytes.length > maxMessageBytes
    taken()
    take(arrival.isCut ? bytes.subarray(0, maxMessageBytes) : bytes, arrival)
  }
  return onDatagram
}

/** Whose data a connection brings; undefined when its certificate names nobody. */
function inletOfPeer({ entry, inlet, inletOf }: SocketsOptions, peer: Peer): Inlet | undefined {
  const tenants = entry.tls?.tenants
  if (tenants === undefined) return inlet
  const name = peer.certificateName
  const isKnown = name !== undefined && Object.hasOwn(tenants, name)
  const tenant = isKnown ? tenants[name] : undefined
  return tenant === undefined ? undefined : inletOf(tenant)
}

function toReader(options: SocketsOptions, peer: Peer): StreamReader | undefined {
  const { listener, taken } = options
  const inlet = inletOfPeer(options, peer)
  if (inlet === undefined) return undefined
  const arrival = createArrival(peer.address, inlet.sink)
  const framer = listener.createFramer()
  const take = takeSafely(options)
  const onFrame = (bytes: Buffer, isCut: boolean): void => {
    arrival.isCut = isCut
    taken()
    take(bytes, arrival)
  }
  return {
    push: (chunk) => {
      stampArrival(arrival)
      framer.push(chunk, onFrame)
    },
    end: () => {
      stampArrival(arrival)
      framer.end(onFrame)
    },
    get isIncomplete() {
      return framer.heldBytes > 0
    },
    takeWaitMs: () => inlet.limit?.excess('waited')?.ms ?? 0,
  }
}

async function openTcpOf(
  options: SocketsOptions,
  isAllowed: (address: string) => boolean,
): Promise<TcpListener> {
  const { entry, isFull, lost } = options
  const tcp: TcpListener = await openTcp({
    ...{ host: entry.host, port: entry.port, tls: entry.tls, isAllowed },
    maxConnections: entry.maxConnections,
    lost: (reason) => lost(reason, 1),
    open: (peer) => {
      const reader = toReader(options, peer)
      if (reader === undefined) return undefined
      const push = (chunk: Buffer): void => {
        reader.push(chunk)
        // All of them: each may hold a chunk that makes many lines.
        if (isFull()) tcp.pause()
      }
      return {
        push,
        end: reader.end,
        takeWaitMs: reader.takeWaitMs,
        get isIncomplete() {
          return reader.isIncomplete
        },
      }
    },
  })
  return tcp
}

/** Opens what the configuration says, or the protocol's usual transports. Throws as `openTcp` and `openUdp`, nothing then being open. */
export async function openSockets(options: SocketsOptions): Promise<Sockets> {
  const { entry, listener } = options
  const transports = entry.transports ?? (entry.tls === undefined ? listener.transports : ['tcp'])
  const isAllowed = createAllowed(entry.allow)
  const tcp = transports.includes('tcp') ? await openTcpOf(options, isAllowed) : undefined
  const port = tcp?.port ?? entry.port
  const onDatagram = toOnDatagram(options, isAllowed)
  const udp = transports.includes('udp')
    ? await openUdp({ host: entry.host, port, onDatagram }).catch(async (error: unknown) => {
        await tcp?.close()
        throw error
      })
    : undefined
  return {
    port: udp?.port ?? port,
    tcp,
    udp,
    close: async () => {
      await Promise.all([tcp?.close(), udp?.close()])
    },
  }
}
