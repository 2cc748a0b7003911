import type { Secret } from '@warren/platform/secret'
import { createLineSender, type LineSender } from '../../influx/line-sender.ts'

export interface Influx1Settings {
  readonly url: string
  readonly username?: string | undefined
  readonly password?: Secret | undefined
  readonly gzip: boolean
  readonly writeTimeoutMs: number
  readonly queryTimeoutMs: number
}

/** What every request to one server shares. */
export interface Influx1Connection {
  /** Without a trailing slash. */
  readonly baseUrl: string
  readonly host: string
  readonly headers: Readonly<Record<string, string>>
  readonly queryTimeoutMs: number
  readonly sender: LineSender
}

export function createConnection(settings: Influx1Settings): Influx1Connection {
  const { url, username, password, gzip, writeTimeoutMs, queryTimeoutMs } = settings
  const pair = `${username ?? ''}:${password?.reveal() ?? ''}`
  const authorization =
    username === undefined ? undefined : `Basic ${Buffer.from(pair).toString('base64')}`
  return {
    baseUrl: url.replace(/\/+$/, ''),
    host: new URL(url).host,
    headers: authorization === undefined ? {} : { authorization },
    queryTimeoutMs,
    sender: createLineSender({ url, authorization, gzip, timeoutMs: writeTimeoutMs }),
  }
}
