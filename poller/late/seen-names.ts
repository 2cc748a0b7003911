const comma = 0x2c
const space = 0x20
const backslash = 0x5c
const places = 256
const none = new Uint8Array(0)

/** Where the name of a line's measurement ends. */
function endOf(bytes: Uint8Array, start: number): number {
  let at = start
  while (at < bytes.length && bytes[at] !== comma && bytes[at] !== space)
    at += bytes[at] === backslash ? 2 : 1
  return at
}

const placeOf = (bytes: Uint8Array, start: number): number =>
  ((bytes[start] ?? 0) ^ ((bytes[start + 2] ?? 0) << 2) ^ ((bytes[start + 3] ?? 0) << 4)) &
  (places - 1)

function isSame(name: Uint8Array, bytes: Uint8Array, start: number): boolean {
  if (name.length === 0) return false
  for (let at = 0; at < name.length; at += 1) if (name[at] !== bytes[start + at]) return false
  const next = bytes[start + name.length]
  return next === comma || next === space
}

/** Which measurement was seen last at which time, by a few bytes of its name: most lines of a batch cost a look, and make no text. */
export class SeenNames {
  readonly #names: Uint8Array[] = new Array<Uint8Array>(places).fill(none)
  readonly #hundreds = new Float64Array(places)

  clear(): void {
    this.#names.fill(none)
  }

  /** The measurement of the line at `start`, unescaped; undefined where the last one at its place was the same, at the same time. */
  nameIfNew(bytes: Uint8Array, start: number, hundreds: number): string | undefined {
    const place = placeOf(bytes, start)
    if (this.#hundreds[place] === hundreds && isSame(this.#names[place] ?? none, bytes, start))
      return undefined
    const name = bytes.subarray(start, endOf(bytes, start))
    // Of its own: what `Buffer.from` cuts from a pool keeps all of it.
    this.#names[place] = new Uint8Array(name)
    this.#hundreds[place] = hundreds
    return Buffer.from(name)
      .toString()
      .replaceAll(/\\([, ])/g, '$1')
  }
}
