import { countIds, idDigits } from '../../record-ids.ts'

const wordsPerId = 4

/** The ids of a batch as numbers, both views over the same memory. */
export interface IdTable {
  /** Four words an id, lowest first. */
  readonly words: Uint32Array
  /** Two longs an id, lowest first. */
  readonly longs: BigUint64Array
}

/** Reads the ids; one that is not 32 hex digits is listed in `bad`. */
export function readIds(ids: Uint8Array): {
  readonly table: IdTable
  readonly bad: ReadonlySet<number>
} {
  const words = new Uint32Array(countIds(ids) * wordsPerId)
  const bad = new Set<number>()
  for (let item = 0; item < countIds(ids); item++) if (!readId(ids, item, words)) bad.add(item)
  return { table: { words, longs: new BigUint64Array(words.buffer) }, bad }
}

function readId(ids: Uint8Array, item: number, words: Uint32Array): boolean {
  const first = item * idDigits
  const at = item * wordsPerId
  for (let word = 0; word < wordsPerId; word++) {
    let value = 0
    for (let i = 0; i < 8; i++) {
      const digit = digitValues[ids[first + word * 8 + i] ?? 0] ?? -1
      if (digit < 0) return false
      value = (value << 4) | digit
    }
    words[at + wordsPerId - 1 - word] = value
  }
  return true
}

/** By ASCII code; -1 for what is no hex digit. */
const digitValues = new Int8Array(256).fill(-1)
for (const [value, digit] of [...'0123456789abcdef'].entries()) {
  digitValues[digit.charCodeAt(0)] = value
  digitValues[digit.toUpperCase().charCodeAt(0)] = value
}

export function toIdText(high: bigint, low: bigint): string {
  return high.toString(16).padStart(16, '0') + low.toString(16).padStart(16, '0')
}
