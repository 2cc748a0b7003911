import { startInfluxdb } from '@warren/test-servers/influxdb'
import type { Answerer } from './answerer.ts'

async function post(url: string, body: URLSearchParams | string): Promise<string> {
  const response = await fetch(url, { method: 'POST', body })
  const text = await response.text()
  if (![200, 204, 400].includes(response.status))
    throw new Error(`InfluxDB answered ${response.status}: ${text}`)
  return text
}

/** A real InfluxDB, asked directly: a database a tenant, nothing stamped, nothing scoped. */
export async function openInfluxdb(): Promise<Answerer & { readonly url: string }> {
  const server = await startInfluxdb()
  return {
    url: server.url,
    write: async (tenant, lines) => {
      await post(`${server.url}/query`, new URLSearchParams({ q: `CREATE DATABASE "${tenant}"` }))
      const refused = await post(`${server.url}/write?db=${tenant}`, lines.join('\n'))
      if (refused !== '') throw new Error(`InfluxDB refused: ${refused}`)
    },
    ask: (tenant, { text, epoch }) =>
      post(
        `${server.url}/query`,
        new URLSearchParams({ q: text, db: tenant, ...(epoch === undefined ? {} : { epoch }) }),
      ),
    close: () => server.close(),
  }
}
