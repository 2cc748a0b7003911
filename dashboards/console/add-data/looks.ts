import { tokenListSchema } from '@warren/contracts/http/tokens'
import { loadHosts } from '../hosts/host-queries.ts'
import { read } from '../http/client.ts'

/** Resolves with what has come, or null. */
export type Look = (signal: AbortSignal) => Promise<string | null>

/** The hosts that send already. */
export async function knownHosts(): Promise<ReadonlySet<string>> {
  return new Set((await loadHosts()).map(({ host }) => host))
}

/** Looks for a host that is not among the known ones. */
export const lookForHost =
  (known: ReadonlySet<string>): Look =>
  async (signal) => {
    const fresh = (await loadHosts(signal)).find(({ host }) => !known.has(host))
    return fresh === undefined ? null : `${fresh.host} sends.`
  }

/** Looks whether a token has been used. */
export const lookForUse =
  (id: string, found: string): Look =>
  async (signal) => {
    const { items } = await read(tokenListSchema, 'api/v1/tokens?limit=100', { signal })
    return items.find((token) => token.id === id)?.lastUsedAt ? found : null
  }
