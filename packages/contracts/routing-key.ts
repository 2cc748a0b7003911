/** Routing keys: words of `[A-Za-z0-9_-]`, every other byte percent-encoded, `-` alone for "none"; at most 255 bytes. */

const none = '-'
export const maxKeyBytes = 255

const encoder = new TextEncoder()
const isPlainByte = (byte: number): boolean =>
  (byte >= 0x30 && byte <= 0x39) ||
  (byte >= 0x41 && byte <= 0x5a) ||
  (byte >= 0x61 && byte <= 0x7a) ||
  byte === 0x5f ||
  byte === 0x2d

/** Encodes one word; absent and empty become `-`, a lone `-` becomes `%2D`. */
export function toKeyWord(text: string | undefined): string {
  if (text === undefined || text === '') return none
  if (text === none) return '%2D'
  let word = ''
  for (const byte of encoder.encode(text))
    word += isPlainByte(byte)
      ? String.fromCharCode(byte)
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  return word
}

/** Decodes one word; `-` is undefined. A malformed escape is kept as it stands. */
export function fromKeyWord(word: string): string | undefined {
  if (word === none || word === '') return undefined
  if (!word.includes('%')) return word
  try {
    return decodeURIComponent(word)
  } catch {
    return word
  }
}

/** Joins words to a key, e.g. `toRoutingKey(tenant, deployment, source)`. Throws when the key would not fit. */
export function toRoutingKey(...words: (string | undefined)[]): string {
  const key = words.map(toKeyWord).join('.')
  if (key.length > maxKeyBytes)
    throw new RangeError(`a routing key has at most ${maxKeyBytes} bytes, this one ${key.length}`)
  return key
}

export interface SenderKey {
  readonly tenant: string
  readonly deployment: string | undefined
  readonly source: string | undefined
}

/** Reads `<tenant>.<deployment>.<source>`; a missing word is undefined, words past the third belong to the source. Undefined without a tenant. */
export function parseSenderKey(key: string): SenderKey | undefined {
  const [tenant, deployment, ...source] = key.split('.')
  const name = tenant === undefined ? undefined : fromKeyWord(tenant)
  if (name === undefined) return undefined
  return {
    tenant: name,
    deployment: deployment === undefined ? undefined : fromKeyWord(deployment),
    source: source.length === 0 ? undefined : fromKeyWord(source.join('.')),
  }
}
