import { gunzipSync, inflateSync } from 'node:zlib'

/** The text of a payload, by its first bytes: gzip, zlib or plain (https://go2docs.graylog.org/current/getting_in_log_data/gelf_format.html#GELFviaUDP).
 *  Undefined when it cannot be unpacked or grows past the bound. */
export function unpackGelf(payload: Buffer, maxBytes: number): Buffer | undefined {
  const options = { maxOutputLength: maxBytes }
  const [first, second = 0] = payload
  try {
    if (first === 0x1f && second === 0x8b) return gunzipSync(payload, options)
    // A zlib header is a multiple of 31, and its low nibble says deflate.
    if (first !== undefined && (first & 0x0f) === 8 && ((first << 8) | second) % 31 === 0)
      return inflateSync(payload, options)
  } catch {
    return undefined
  }
  return payload.length > maxBytes ? undefined : payload
}
