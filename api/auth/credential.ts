import { tokenPrefix } from './secrets.ts'

/** What a request presents: a token, or a user with a password. */
export type Credential =
  | { readonly kind: 'token'; readonly secret: string }
  | { readonly kind: 'password'; readonly user: string; readonly password: string }
  | { readonly kind: 'unreadable' }

const unreadable: Credential = { kind: 'unreadable' }

/** `user:password`; a token as the password is that token, whoever the user is said to be. */
function fromPair(pair: string): Credential {
  const colon = pair.indexOf(':')
  if (colon < 0) return unreadable
  const password = pair.slice(colon + 1)
  if (password.startsWith(tokenPrefix)) return { kind: 'token', secret: password }
  return { kind: 'password', user: pair.slice(0, colon), password }
}

/** Elasticsearch's `id:key` in base64, of which the key is the token; or a token as it is. */
function fromApiKey(text: string): Credential {
  if (text.startsWith(tokenPrefix)) return { kind: 'token', secret: text }
  const pair = Buffer.from(text, 'base64').toString('utf8')
  const colon = pair.indexOf(':')
  return colon < 0 ? unreadable : { kind: 'token', secret: pair.slice(colon + 1) }
}

/** Reads `Authorization`: `Bearer TOKEN`, `Token TOKEN`, `Token user:password` (InfluxDB 1.8), `ApiKey` (Elasticsearch) or `Basic`. Undefined without the header. */
export function parseAuthorization(header: string | undefined): Credential | undefined {
  if (header === undefined) return undefined
  const [, scheme = '', rest = ''] = /^(\S+) +(\S.*)$/.exec(header.trim()) ?? []
  switch (scheme.toLowerCase()) {
    case 'bearer':
      return { kind: 'token', secret: rest }
    case 'token':
      // A pair has a colon; what has none is a token that is not known.
      return rest.startsWith(tokenPrefix) || !rest.includes(':')
        ? { kind: 'token', secret: rest }
        : fromPair(rest)
    case 'apikey':
      return fromApiKey(rest)
    case 'basic':
      return fromPair(Buffer.from(rest, 'base64').toString('utf8'))
    default:
      return unreadable
  }
}
