import type { IncomingMessage } from 'node:http'

/** What a request proves itself with: a token alone, or a name with a password or token. */
export interface Credentials {
  readonly user: string | undefined
  readonly secret: string
}

/** Whom the credentials belong to. */
export interface Sender {
  readonly tenant: string
  /** Of the token or user; the source of its messages when its lines carry no host. */
  readonly name?: string
}

/** Undefined when they may not write; throws a `WarrenError` (`retry`) when that cannot be known now. */
export type Authenticate = (credentials: Credentials) => Promise<Sender | undefined>

function splitPair(text: string): Credentials {
  const colon = text.indexOf(':')
  return colon < 0
    ? { user: undefined, secret: text }
    : { user: text.slice(0, colon) || undefined, secret: text.slice(colon + 1) }
}

/** Elasticsearch's `id:key` in base64, of which the key is the token; or a token as it is, which has no colon however it is read. */
function fromApiKey(value: string): Credentials {
  const pair = /^[A-Za-z0-9+/]+=*$/.test(value) ? Buffer.from(value, 'base64').toString() : ''
  return pair.includes(':') ? splitPair(pair) : { user: undefined, secret: value }
}

function fromHeader(header: string): Credentials | undefined {
  const [, scheme = '', value = ''] = /^(\w+) +(.+)$/.exec(header.trim()) ?? []
  switch (scheme.toLowerCase()) {
    case 'apikey':
      return fromApiKey(value)
    case 'basic':
      return splitPair(Buffer.from(value, 'base64').toString())
    case 'bearer':
      return { user: undefined, secret: value }
    // InfluxDB 1.8 takes `Token user:password` as well as a token.
    case 'token':
      return splitPair(value)
    default:
      return undefined
  }
}

/** From `Authorization: Token …`, `Bearer …`, `ApiKey …` or `Basic …`, else from the parameters `u` and `p` of InfluxDB 1. */
export function credentialsOf(
  request: IncomingMessage,
  query: URLSearchParams,
): Credentials | undefined {
  const { authorization } = request.headers
  if (authorization !== undefined) return fromHeader(authorization)
  const password = query.get('p')
  return password === null ? undefined : { user: query.get('u') ?? undefined, secret: password }
}
