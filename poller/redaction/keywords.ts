/** The ends of words before `=` or `:` that may name a secret, for a look at bytes alone: whatever `patterns.ts` would find ends with one of them. */
const tails = ['word', 'sswd', 'pwd', 'phrase', 'cret', 'oken', 'zation', 'key'].map((tail) =>
  Uint8Array.from(tail, (letter) => letter.charCodeAt(0)),
)

const byLastLetter: readonly (readonly Uint8Array[])[] = Array.from({ length: 256 }, (_, byte) =>
  tails.filter((tail) => tail.at(-1) === byte),
)

const lowerCase = 0x20
/** Quotes, backslashes and spaces that are looked over between word and sign. */
const maxSkipped = 16

const isSkipped = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === 0x22 || byte === 0x27 || byte === 0x5c

/** Whether the word that ends before `at` may name a secret; true also when it cannot be told cheaply. */
export function mayNameSecret(bytes: Uint8Array, at: number, start: number): boolean {
  let last = at - 1
  while (last >= start && isSkipped(bytes[last])) {
    if (at - last > maxSkipped) return true
    last -= 1
  }
  const found = byLastLetter[(bytes[last] ?? 0) | lowerCase] ?? []
  return found.length > 0 && found.some((tail) => endsWith(bytes, last, tail))
}

function endsWith(bytes: Uint8Array, last: number, tail: Uint8Array): boolean {
  const first = last - tail.length + 1
  for (let at = 0; at < tail.length; at += 1)
    if (((bytes[first + at] ?? 0) | lowerCase) !== tail[at]) return false
  return true
}
