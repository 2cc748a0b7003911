import { setTimeout as sleep } from 'node:timers/promises'

interface Series {
  readonly name?: string
  readonly tags?: Readonly<Record<string, string>>
  readonly columns: readonly string[]
  readonly values: readonly (readonly unknown[])[]
}

interface Found {
  readonly error?: { readonly reason: string }
  readonly hits: {
    readonly total: { readonly value: number }
    readonly hits: readonly { readonly _id: string; readonly _source: Record<string, unknown> }[]
  }
}

/** Asks the gateway as Grafana does: over HTTP, with basic auth. */
export interface Client {
  query(text: string): Promise<readonly Series[]>
  search(body: object): Promise<Found>
  /** An api call; throws unless the answer is a success. */
  get(path: string): Promise<unknown>
  post(path: string, body: object): Promise<unknown>
}

export function createClient(url: string, password: string): Client {
  const authorization = `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`
  const send = async (path: string, init: RequestInit = {}): Promise<unknown> => {
    const headers = { authorization, ...init.headers }
    const response = await fetch(`${url}${path}`, { ...init, headers })
    const text = await response.text()
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`)
    return text === '' ? undefined : JSON.parse(text)
  }
  return {
    async query(text) {
      const answer = (await send('/gateway/influxdb/query?db=warren&epoch=ns', {
        method: 'POST',
        // What is stored now, not what was up to 5 s ago.
        headers: { 'cache-control': 'no-cache' },
        body: new URLSearchParams({ q: text }),
      })) as { results: { error?: string; series?: Series[] }[] }
      const [result] = answer.results
      if (result?.error !== undefined) throw new Error(result.error)
      return result?.series ?? []
    },
    async search(body) {
      const answer = (await send('/gateway/elasticsearch/_msearch', {
        method: 'POST',
        headers: { 'content-type': 'application/x-ndjson', 'cache-control': 'no-cache' },
        body: `{"index":"logs-*","ignore_unavailable":true}\n${JSON.stringify(body)}\n`,
      })) as { responses: Found[] }
      const [found] = answer.responses
      if (found === undefined) throw new Error('no response')
      if (found.error !== undefined) throw new Error(found.error.reason)
      return found
    },
    get: (path) => send(path),
    post: (path, body) =>
      send(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
  }
}

/** Asks again until the answer is not undefined; rejects after the deadline with the last error. */
export async function eventually<Value>(
  ask: () => Promise<Value | undefined>,
  deadlineMs: number,
): Promise<Value> {
  const deadline = Date.now() + deadlineMs
  for (;;) {
    let last: unknown
    try {
      const value = await ask()
      if (value !== undefined) return value
    } catch (error) {
      last = error
    }
    if (Date.now() > deadline) throw last ?? new Error(`nothing within ${deadlineMs} ms`)
    await sleep(100)
  }
}
