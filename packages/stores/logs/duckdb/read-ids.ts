const wordsPerId = 4
const digits = 32

/** The ids of a batch as numbers, both views over the same memory. */
export interface IdTable {
  /** Four words an id, lowest first. */
  readonly words: Uint32Array
  /** Two longs an id, lowest first. */
  readonly longs: BigUint64Array
}

/** Reads the ids; one that is not 32 hex digits is listed in `bad`. */
export function readIds(ids: readonly string[]): {
  readonly table: IdTable
  readonly bad: ReadonlySet<number>
} {
  const words = new Uint32Array(ids.length * wordsPerId)
  const bad = new Set<number>()
  ids.forEach((id, i) => {
    if (!readId(id, words, i * wordsPerId)) bad.add(i)
  })
  return { table: { words, longs: new BigUint64Array(words.buffer) }, bad }
}

function readId(id: string, words: Uint32Array, at: number): boolean {
  if (id.length !== digits) return false
  for (let word = 0; word < wordsPerId; word++) {
    let value = 0
    for (let i = 0; i < 8; i++) {
      const digit = digitOf(id.charCodeAt(word * 8 + i))
      if (digit < 0) return false
      value = (value << 4) | digit
    }
    words[at + wordsPerId - 1 - word] = value
  }
  return true
}

function digitOf(code: number): number {
  if (code >= 48 && code <= 57) return code - 48
  const lower = code | 32
  return lower >= 97 && lower <= 102 ? lower - 87 : -1
}

export function toIdText(high: bigint, low: bigint): string {
  return high.toString(16).padStart(16, '0') + low.toString(16).padStart(16, '0')
}
