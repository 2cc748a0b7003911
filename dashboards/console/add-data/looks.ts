import { tokenListSchema } from '@warren/contracts/http/tokens'
import { loadHosts } from '../hosts/host-queries.ts'
import { read } from '../http/client.ts'
import { queryMetrics } from '../http/metrics.ts'

/** Looks for a host that had sent nothing before the wait began. */
export async function lookForHost(sinceMs: number, signal: AbortSignal): Promise<string | null> {
  const text = `SELECT last("usage_idle") FROM "cpu" WHERE time > ${sinceMs - 86_400_000}ms AND time < ${sinceMs}ms GROUP BY "host"`
  const [[earlier = []], now] = await Promise.all([queryMetrics(text, signal), loadHosts(signal)])
  const known = new Set(earlier.map(({ tags }) => tags?.['host']))
  const fresh = now.find(({ host }) => !known.has(host))
  return fresh === undefined ? null : `${fresh.host} sends.`
}

/** Looks whether a token has been used since the wait began. */
export const lookForUse =
  (id: string) =>
  async (sinceMs: number, signal: AbortSignal): Promise<string | null> => {
    const { items } = await read(tokenListSchema, 'api/v1/tokens?limit=100', { signal })
    const used = items.find((token) => token.id === id)?.lastUsedAt
    // The time of use is kept to the minute.
    return used && Date.parse(used) > sinceMs - 60_000
      ? 'Grafana has asked through the gateway.'
      : null
  }
