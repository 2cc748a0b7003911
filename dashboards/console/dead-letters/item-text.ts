const shown = 2000

export interface ItemText {
  readonly text: string
  readonly bytes: number
  readonly cut: boolean
}

/** What a parked item looks like: its bytes as UTF-8, what is none of it as U+FFFD. */
export function toItemText(base64: string): ItemText {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  const text = new TextDecoder().decode(bytes.subarray(0, shown))
  return { text, bytes: bytes.length, cut: bytes.length > shown }
}
