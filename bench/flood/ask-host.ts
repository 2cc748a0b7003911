import { type Agent, request } from 'node:http'
import { buffer } from 'node:stream/consumers'

/** Who asks an api. */
export interface Client {
  /** Of the api. */
  readonly url: string
  readonly token: string
  readonly agent: Agent
  readonly headers?: Readonly<Record<string, string>>
}

export interface Asked {
  readonly status: number
  /** Until the last byte. */
  readonly ms: number
  readonly retryAfterS: number
}

/** One host, an hour by the minute, past the cache. */
export function askHost({ url, token, agent, headers }: Client, host: number): Promise<Asked> {
  const toMs = Date.now()
  const q = `SELECT mean("usage") FROM "bench" WHERE "host" = 'host-${host}' AND time >= ${toMs - 3_600_000}ms and time <= ${toMs}ms GROUP BY time(1m) fill(null)`
  const query = new URLSearchParams({ db: 'warren', epoch: 'ms', q })
  const startMs = performance.now()
  return new Promise((resolve, reject) => {
    const address = `${url}/gateway/influxdb/query?${query}`
    const own = { authorization: `Bearer ${token}`, 'cache-control': 'no-cache', ...headers }
    const asked = request(address, { agent, headers: own }, (answer) => {
      const status = answer.statusCode ?? 0
      const retryAfterS = Number(answer.headers['retry-after'] ?? 0)
      buffer(answer).then(
        () => resolve({ status, ms: performance.now() - startMs, retryAfterS }),
        reject,
      )
    })
    asked.on('error', reject).end()
  })
}
