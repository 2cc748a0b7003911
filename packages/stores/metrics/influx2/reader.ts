import { WarrenError } from '@warren/platform/errors'
import type { InfluxConnection } from '../../influx/exchange.ts'
import type { Influx2Settings } from './settings.ts'

/** Reads as one tenant and nobody else: the store itself keeps the token to the tenant's bucket. */
export interface Reader extends InfluxConnection {
  readonly org: string
}

/** Never with the token that writes, which may see every bucket. Throws `not_supported` for a tenant that has no token. */
export function readerOf(
  settings: Influx2Settings,
  asking: Reader['asking'],
  tenant: string,
): Reader {
  const { url, org, readTokens, queryTimeoutMs } = settings
  const token = Object.hasOwn(readTokens, tenant) ? readTokens[tenant] : undefined
  if (token === undefined)
    throw new WarrenError(
      `the tenant ${tenant} has no token to read from InfluxDB with: its operator sets one in metricStore.readTokens`,
      { code: 'not_supported', disposition: 'reject' },
    )
  return {
    host: new URL(url).host,
    headers: { authorization: `Token ${token.reveal()}` },
    queryTimeoutMs,
    asking,
    org,
  }
}
