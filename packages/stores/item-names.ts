/** A name for each item of a batch: many items share few names, and numbers cost less than texts wherever they go. */
export interface ItemNames {
  readonly names: readonly string[]
  /** Of each item: the place of its name among `names`. */
  readonly places: Uint32Array
}

export const nameAt = ({ names, places }: ItemNames, item: number): string =>
  names[places[item] ?? 0] ?? ''

export function toItemNames(texts: readonly string[]): ItemNames {
  const names = [...new Set(texts)]
  const placeOf = new Map(names.map((name, place) => [name, place]))
  return { names, places: Uint32Array.from(texts, (text) => placeOf.get(text) ?? 0) }
}
