const shown = 2000

export interface ItemText {
  readonly text: string
  readonly bytes: number
  readonly cut: boolean
}

const toBytes = (base64: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))

/** What a parked item looks like: its bytes as UTF-8, what is none of it as U+FFFD. */
export function toItemText(base64: string): ItemText {
  const bytes = toBytes(base64)
  const text = new TextDecoder().decode(bytes.subarray(0, shown))
  return { text, bytes: bytes.length, cut: bytes.length > shown }
}

/** All of it, and whether it is text, so that the same bytes come of it again. */
export function toWholeText(base64: string): { readonly text: string; readonly isText: boolean } {
  const bytes = toBytes(base64)
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    return { text, isText: true }
  } catch {
    return { text: new TextDecoder().decode(bytes), isText: false }
  }
}
