import { readFile } from 'node:fs/promises'
import { isIPv6 } from 'node:net'

export interface UdpAddress {
  readonly address: string
  readonly port: number
}

/** An address as /proc/net/udp writes it: words of four bytes, each in the byte order of the machine (little-endian on all that Node runs on). */
function toWords(address: string): string {
  const bytes = isIPv6(address) ? ipv6Bytes(address) : address.split('.').map(Number)
  let words = ''
  for (let at = 0; at < bytes.length; at += 4)
    words += Buffer.from(bytes.slice(at, at + 4).reverse()).toString('hex')
  return words.toUpperCase()
}

function ipv6Bytes(address: string): number[] {
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::')
  const groups = (text: string): number[] =>
    text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16))
  const first = groups(head)
  const last = tail === undefined ? [] : groups(tail)
  const zeros = new Array<number>(8 - first.length - last.length).fill(0)
  return [...first, ...zeros, ...last].flatMap((group) => [group >> 8, group & 0xff])
}

/** The last column of a socket's row: datagrams that the kernel dropped because its buffer was full, since the socket was opened.
 *  https://www.kernel.org/doc/html/latest/networking/proc_net_tcp.html shows the columns but this one, which udp alone has. */
export function dropsIn(table: string, { address, port }: UdpAddress): number | undefined {
  const local = `${toWords(address)}:${port.toString(16).toUpperCase().padStart(4, '0')}`
  let drops: number | undefined
  for (const row of table.split('\n')) {
    const columns = row.trim().split(/\s+/)
    if (columns[1] === local) drops = (drops ?? 0) + Number(columns.at(-1))
  }
  return drops
}

/** Undefined where the kernel does not say. */
export async function readKernelDrops(socket: UdpAddress): Promise<number | undefined> {
  const file = isIPv6(socket.address) ? '/proc/net/udp6' : '/proc/net/udp'
  const table = await readFile(file, 'latin1').catch(() => undefined)
  return table === undefined ? undefined : dropsIn(table, socket)
}
