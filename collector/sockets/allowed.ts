import { BlockList, isIP } from 'node:net'
import { z } from 'zod'

const loopback = new Set(['127.0.0.1', '::1', 'localhost'])

export const isLoopback = (host: string): boolean => loopback.has(host)

const familyOf = (address: string): 'ipv4' | 'ipv6' | undefined => {
  const version = isIP(address)
  return version === 0 ? undefined : version === 4 ? 'ipv4' : 'ipv6'
}

interface Network {
  readonly address: string
  readonly family: 'ipv4' | 'ipv6'
  readonly bits: number
}

function parseNetwork(text: string): Network | undefined {
  const [address = '', bitsText] = text.split('/')
  const family = familyOf(address)
  if (family === undefined) return undefined
  const most = family === 'ipv4' ? 32 : 128
  const bits = bitsText === undefined ? most : Number(bitsText)
  const isWhole = bitsText === undefined || /^\d{1,3}$/.test(bitsText)
  return isWhole && bits <= most ? { address, family, bits } : undefined
}

export const networkSchema = z
  .string()
  .refine((text) => parseNetwork(text) !== undefined, 'an address, or a network as 10.0.0.0/8')

/** IPv4 on a socket of both families: RFC 4291 §2.5.5.2. */
const mapped = '::ffff:'

export const plainAddress = (address: string): string =>
  address.startsWith(mapped) ? address.slice(mapped.length) : address

const maxRemembered = 10_000

/** Whether an address lies in one of the networks; every address when there are none. */
export function createAllowed(networks: readonly string[]): (address: string) => boolean {
  if (networks.length === 0) return () => true
  const list = new BlockList()
  for (const text of networks) {
    const network = parseNetwork(text)
    if (network === undefined) throw new Error(`BUG: not a network: ${text}`)
    list.addSubnet(network.address, network.bits, network.family)
  }
  const known = new Map<string, boolean>()
  return (address) => {
    const remembered = known.get(address)
    if (remembered !== undefined) return remembered
    const isAllowed = list.check(address, familyOf(address) ?? 'ipv4')
    if (known.size >= maxRemembered) known.clear()
    known.set(address, isAllowed)
    return isAllowed
  }
}
