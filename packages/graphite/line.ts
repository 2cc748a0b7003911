/** One line of carbon's plaintext protocol, `name value time`: https://graphite.readthedocs.io/en/latest/feeding-carbon.html
 *  A name may carry tags, `name;tag=value;…`: https://graphite.readthedocs.io/en/latest/tags.html#carbon */
export interface GraphiteLine {
  /** Dotted, without the tags. */
  readonly name: string
  readonly tags: Readonly<Record<string, string>>
  /** NaN for "unknown", which carbon leaves out and so should the caller. */
  readonly value: number
  /** Nanoseconds since the epoch; undefined for "now" (no time, `-1` or `N`). */
  readonly timeNs: bigint | undefined
}

/** The words are carbon's own limits; the text says which was broken. */
export type GraphiteProblem = 'not name value time' | 'bad tag' | 'bad value' | 'bad time'

const number = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/
const unknown = /^[+-]?nan$/i
/** Seconds with up to nine decimals, read as text: a double has no room for nanoseconds. */
const seconds = /^(\d{1,12})(?:\.(\d*))?$/
const noTags: Readonly<Record<string, string>> = Object.freeze({})

function toValue(text: string): number | undefined {
  if (unknown.test(text)) return Number.NaN
  const value = number.test(text) ? Number(text) : Number.NaN
  return Number.isFinite(value) ? value : undefined
}

function toTimeNs(text: string): bigint | undefined {
  const match = seconds.exec(text)
  if (match === null) return undefined
  const [, whole = '', decimals = ''] = match
  return BigInt(whole + decimals.slice(0, 9).padEnd(9, '0'))
}

/** As carbon: a tag has a name without `;!^=` and a value that is not empty and does not begin with `~`. */
function toTags(parts: readonly string[]): Record<string, string> | undefined {
  const tags: Record<string, string> = Object.create(null)
  for (const part of parts) {
    const at = part.indexOf('=')
    const name = part.slice(0, at)
    const value = part.slice(at + 1)
    if (at < 1 || /[!^]/.test(name) || value === '' || value.startsWith('~')) return undefined
    tags[name] = value
  }
  return tags
}

const isNow = (time: string | undefined): boolean =>
  time === undefined || time === '-1' || time === 'N' || time === '-1.0'

/** Reads one line without its line feed; never throws. */
export function parseGraphiteLine(text: string): GraphiteLine | GraphiteProblem {
  const parts = text.trim().split(/[ \t]+/)
  const [path = '', valueText, time] = parts
  if (valueText === undefined || parts.length > 3) return 'not name value time'
  const value = toValue(valueText)
  if (value === undefined) return 'bad value'
  const timeNs = time === undefined || isNow(time) ? undefined : toTimeNs(time)
  if (timeNs === undefined && !isNow(time)) return 'bad time'
  const [name = '', ...tagParts] = path.split(';')
  const tags = tagParts.length === 0 ? noTags : toTags(tagParts)
  if (tags === undefined) return 'bad tag'
  if (name === '') return 'not name value time'
  return { name, tags, value, timeNs }
}
