import { malformed, SearchError } from '../errors.ts'

/** The text of a body; throws a `SearchError` for what another reader may read differently: bytes that are no UTF-8, a byte order mark. */
export function decodeBody(body: Uint8Array): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)
    if (text.startsWith('\ufeff')) throw malformed('the body starts with a byte order mark')
    return text
  } catch (error) {
    throw error instanceof SearchError ? error : malformed('the body is not valid UTF-8')
  }
}
