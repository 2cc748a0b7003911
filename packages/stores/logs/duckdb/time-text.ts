const form = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:[.,](\d{1,9})\d*)?(Z|[+-]\d\d:\d\d)$/

const msNs = 1_000_000n
const maxNs = 2n ** 63n - 1n

/** Of a text: where its fraction starts. */
const fractionAt = '2026-01-01T00:00:00.'.length
const [dot, zulu, zero] = [0x2e, 0x5a, 0x30]

/** Reads RFC 3339 texts; records of one batch mostly share their second. */
export class TimeReader {
  #second = ''
  #zone = ''
  #secondNs = 0n
  /** The second as bytes, while the zone is UTC. */
  #secondBytes = new Uint8Array()

  /** As `read`, of a text that lies in bytes. */
  readAt(bytes: Buffer, start: number, end: number): bigint | undefined {
    const fractionNs = this.#fractionOf(bytes, start, end)
    if (fractionNs >= 0) return inRange(this.#secondNs + BigInt(fractionNs))
    const ns = this.read(bytes.toString('latin1', start, end))
    this.#secondBytes = Buffer.from(this.#zone === 'Z' ? this.#second : '')
    return ns
  }

  /** Nanoseconds since the last second; -1 when the text is of another one, or looks otherwise. */
  #fractionOf(bytes: Uint8Array, start: number, end: number): number {
    const second = this.#secondBytes
    const digits = end - 1 - start - fractionAt
    if (second.length === 0 || digits < 1 || digits > 9) return -1
    for (let at = 0; at < second.length; at++) if (bytes[start + at] !== second[at]) return -1
    if (bytes[start + fractionAt - 1] !== dot || bytes[end - 1] !== zulu) return -1
    let value = 0
    for (let at = start + fractionAt; at < end - 1; at++) {
      const digit = (bytes[at] ?? 0) - zero
      if (digit < 0 || digit > 9) return -1
      value = value * 10 + digit
    }
    return value * 10 ** (9 - digits)
  }

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
    return inRange(ns)
  }
}

const inRange = (ns: bigint): bigint | undefined => (ns < 0n || ns > maxNs ? undefined : ns)

/** RFC 3339 in UTC with three fraction digits, or nine when there is more. */
export function toTimeText(ns: bigint): string {
  const ms = ns / msNs
  const text = new Date(Number(ms)).toISOString()
  const rest = Number(ns - ms * msNs)
  return rest === 0 ? text : `${text.slice(0, -1)}${String(rest).padStart(6, '0')}Z`
}
