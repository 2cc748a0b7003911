/** Words that are looked for in a row, in time proportional to the text however often it nearly has them: Knuth, Morris and Pratt's algorithm. */
export class Phrase {
  readonly #words: readonly string[]
  /** By number of words found less one: how many of them the next place may have in common with this one. */
  readonly #shorter: Uint32Array

  constructor(words: readonly string[]) {
    this.#words = words
    this.#shorter = bordersOf(words)
  }

  get length(): number {
    return this.#words.length
  }

  /** Where it stands, in order, overlapping places too; `most` of them. */
  placesIn(terms: readonly string[], most = Number.POSITIVE_INFINITY): readonly number[] {
    const [first] = this.#words
    const places: number[] = []
    if (first === undefined) return places
    let at = 0
    let found = 0
    while (places.length < most && terms.length - at >= this.length - found) {
      if (found === 0) at = terms.indexOf(first, at)
      if (at < 0) break
      found = this.#grow(found, terms[at++])
      if (found < this.length) continue
      places.push(at - found)
      found = this.#shorter[found - 1] ?? 0
    }
    return places
  }

  /** How many words are found with one term more. */
  #grow(before: number, term: string | undefined): number {
    let found = before
    while (found > 0 && term !== this.#words[found]) found = this.#shorter[found - 1] ?? 0
    return term === this.#words[found] ? found + 1 : 0
  }
}

/** Of each beginning of the words: how long the longest shorter beginning is that it ends with. */
function bordersOf(words: readonly string[]): Uint32Array {
  const borders = new Uint32Array(words.length)
  let border = 0
  for (let at = 1; at < words.length; at++) {
    while (border > 0 && words[at] !== words[border]) border = borders[border - 1] ?? 0
    if (words[at] === words[border]) border++
    borders[at] = border
  }
  return borders
}
