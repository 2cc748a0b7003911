import { isMessage, openMessage, readFields } from '../wire/protobuf.ts'

/** The strings of a request, which it refers to by their place. */
export interface Symbols {
  /** Of a reference that is not missing. */
  at(reference: number | undefined): string
  /** What is wrong with the first of these that refers to nothing. */
  missing(references: readonly number[]): string | undefined
}

/** Read before all else: fields may come in any order. Throws for more than the bound, and when the first is not the empty one that references left out mean. */
export function readSymbols(body: Buffer, max: number): Symbols {
  const reader = openMessage(body)
  const symbols: string[] = []
  readFields(reader, body.length, (field, type) => {
    if (field !== 4 || !isMessage(type)) return false
    if (symbols.length === max) throw new Error(`more than ${max} symbols`)
    symbols.push(reader.string())
    return true
  })
  if ((symbols[0] ?? '') !== '') throw new Error('the first symbol is not empty')
  return {
    at: (reference) => symbols[reference ?? 0] ?? '',
    missing: (references) => {
      const bad = references.find((reference) => reference > 0 && reference >= symbols.length)
      return bad === undefined ? undefined : `symbol ${bad} of ${symbols.length}`
    },
  }
}
