import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { InfluxdbRequest } from './influxdb-classes.ts'

/** One captured request of Grafana's InfluxDB data source. */
export interface Row extends InfluxdbRequest {
  readonly id: string
  readonly note: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
}

/** The name that the captured data source has for its database. */
const captured = 'telegraf'

/** Those of a folder of captured requests, as Grafana would send them with our database's name in the data source and in the queries of its dashboards. */
export function readRows(folder: string, database: string): readonly Row[] {
  const file = join(folder, 'conformance/grafana/influxdb.jsonl')
  return readFileSync(file, 'utf8')
    .replaceAll(captured, database)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row)
}

export interface Answer {
  readonly status: number
  readonly text: string
}

/** Sends a row to a server, with credentials of ours or none. */
export async function sendRow(
  url: string,
  { method, path, query, headers, body }: Row,
  credentials: Readonly<Record<string, string>>,
): Promise<Answer> {
  const { authorization: _, ...others } = headers
  const response = await fetch(`${url}${path}${query === '' ? '' : `?${query}`}`, {
    method,
    headers: { ...others, ...credentials },
    ...(body === '' ? {} : { body }),
  })
  return { status: response.status, text: await response.text() }
}

/** The error that a panel shows for an answer; undefined when it is none. */
export function errorIn({ text }: Answer): string | undefined {
  const body = JSON.parse(text) as {
    readonly error?: string
    readonly message?: string
    readonly results?: readonly { readonly error?: string }[]
  }
  return body.error ?? body.message ?? body.results?.[0]?.error
}
