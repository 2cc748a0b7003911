import type { Secret } from '@warren/platform/secret'
import { createHttpSender, type HttpSender } from '../../http/sender.ts'
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
  readonly host: string
  readonly headers: Readonly<Record<string, string>>
  readonly queryTimeoutMs: number
  readonly asking: HttpSender
  readonly sender: LineSender
}

export function createConnection(settings: Influx1Settings): Influx1Connection {
  const { url, username, password, gzip, writeTimeoutMs, queryTimeoutMs } = settings
  const pair = `${username ?? ''}:${password?.reveal() ?? ''}`
  const authorization =
    username === undefined ? undefined : `Basic ${Buffer.from(pair).toString('base64')}`
  return {
    host: new URL(url).host,
    headers: authorization === undefined ? {} : { authorization },
    queryTimeoutMs,
    asking: createHttpSender({ url, headers: {}, timeoutMs: queryTimeoutMs }),
    sender: createLineSender({ url, authorization, gzip, timeoutMs: writeTimeoutMs }),
  }
}
