const form = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:[.,](\d{1,9})\d*)?(Z|[+-]\d\d:\d\d)$/

const msNs = 1_000_000n
const maxNs = 2n ** 63n - 1n

/** Reads RFC 3339 texts; records of one batch mostly share their second. */
export class TimeReader {
  #second = ''
  #zone = ''
  #secondNs = 0n

  /** Nanoseconds since the epoch; undefined for what is no time, lies before 1970 or after 2262. */
  read(text: string): bigint | undefined {
    const match = form.exec(text)
    if (match === null) return undefined
    const [, second = '', fraction = '', zone = 'Z'] = match
    if (second !== this.#second || zone !== this.#zone) {
      const ms = Date.parse(second + zone)
      if (Number.isNaN(ms)) return undefined
      this.#secondNs = BigInt(ms) * msNs
      this.#second = second
      this.#zone = zone
    }
    const ns = fraction === '' ? this.#secondNs : this.#secondNs + BigInt(fraction.padEnd(9, '0'))
    return ns < 0n || ns > maxNs ? undefined : ns
  }
}

/** RFC 3339 in UTC with three fraction digits, or nine when there is more. */
export function toTimeText(ns: bigint): string {
  const ms = ns / msNs
  const text = new Date(Number(ms)).toISOString()
  const rest = Number(ns - ms * msNs)
  return rest === 0 ? text : `${text.slice(0, -1)}${String(rest).padStart(6, '0')}Z`
}
