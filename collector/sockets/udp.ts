import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { isIPv6 } from 'node:net'
import { readKernelDrops } from './kernel-drops.ts'
import { type ListenAddress, listenError } from './listen-error.ts'
import { untilQuiet } from './until-quiet.ts'

export interface UdpOptions extends ListenAddress {
  /** Never throws; is called for each datagram as it comes. */
  readonly onDatagram: (bytes: Buffer, address: string) => void
}

export interface UdpListener {
  readonly port: number
  /** Datagrams that the kernel dropped since the socket was opened, also after it was closed; undefined where it does not say. */
  kernelDrops(): Promise<number | undefined>
  /** Reads what the kernel still holds, then lets go of the port. */
  close(): Promise<void>
}

/** Asked of the kernel, which gives no more than `net.core.rmem_max`: a burst waits here while the event loop is busy. */
const receiveBufferBytes = 4 * 1024 ** 2
const drainMs = 1_000

/** Listens; throws a `WarrenError` that says why it cannot (`port_taken` or `listen_failed`). */
export async function openUdp({ host, port, onDatagram }: UdpOptions): Promise<UdpListener> {
  const socket = createSocket({
    type: isIPv6(host) ? 'udp6' : 'udp4',
    recvBufferSize: receiveBufferBytes,
  })
  let datagrams = 0
  socket.on('message', (bytes, { address }) => {
    datagrams += 1
    onDatagram(bytes, address)
  })
  try {
    socket.bind({ address: host, port, exclusive: true })
    await once(socket, 'listening')
  } catch (error) {
    socket.close()
    throw listenError(error, { host, port }, 'UDP')
  }
  // An error of one datagram; the socket goes on.
  socket.on('error', () => undefined)
  const address = socket.address()
  let last: Promise<number | undefined> | undefined
  return {
    port: address.port,
    kernelDrops: () => last ?? readKernelDrops(address),
    close: async () => {
      await untilQuiet(() => datagrams, drainMs)
      last = readKernelDrops(address)
      await last
      const closed = once(socket, 'close')
      socket.close()
      await closed
    },
  }
}
