import { hostname } from 'node:os'

const everyAddress = new Set(['0.0.0.0', '::'])

/** What stands in a URL for an address that is listened on: the machine's name when that is every address. */
export function toUrlHost(host: string): string {
  if (everyAddress.has(host)) return hostname()
  return host.includes(':') ? `[${host}]` : host
}
