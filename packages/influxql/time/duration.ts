const second = 1_000_000_000n
const units: Readonly<Record<string, bigint>> = {
  ns: 1n,
  u: 1000n,
  µ: 1000n,
  ms: 1_000_000n,
  s: second,
  m: 60n * second,
  h: 3600n * second,
  d: 86_400n * second,
  w: 604_800n * second,
}
const printed = ['w', 'd', 'h', 'm', 's', 'ms', 'u'] as const
const maxInt64 = (1n << 63n) - 1n

/** One number of few digits, and one unit: nearly all there are. */
const single = /^(\d{1,15})(ns|ms|[uµsmhdw])$/

/** Nanoseconds of `1h30m`, or the words of the reference why it is no duration. */
export function parseDuration(text: string): bigint | string {
  const [, digits = '', unit = ''] = single.exec(text) ?? []
  const ns = BigInt(Number(digits)) * (units[unit] ?? 0n)
  return unit === '' || ns > maxInt64 ? parseCompound(text) : ns
}

/** A bound duration may have a sign. Its sum is an int64 of Go: only one that ends below zero is known to be too long. */
function parseCompound(text: string): bigint | string {
  const start = text.startsWith('-') ? 1 : 0
  const parts = /(\d+)(ns|ms|[uµsmhdw])/gy
  parts.lastIndex = start
  let total = 0n
  let end = start
  let last = ''
  for (let match = parts.exec(text); match !== null; match = parts.exec(text)) {
    const [whole, digits = '', unit = ''] = match
    const count = BigInt(digits)
    if (count > maxInt64) return 'invalid duration'
    total += count * (units[unit] ?? 0n)
    end = match.index + whole.length
    last = `${count}${unit}`
  }
  if (end < text.length || end === start) return 'invalid duration'
  const ns = BigInt.asIntN(64, total)
  if (start === 1) return -ns
  return ns < 0n ? `overflowed duration ${last}: choose a smaller duration or INF` : ns
}

/** The largest unit that divides it, as InfluxDB prints it. */
export function printDuration(ns: bigint): string {
  if (ns === 0n) return '0s'
  for (const unit of printed) {
    const size = units[unit] ?? 1n
    if (ns % size === 0n) return `${ns / size}${unit}`
  }
  return `${ns}ns`
}

/** As Go prints a time.Duration: `30m0s`. */
export function printGoDuration(ns: bigint): string {
  if (ns === 0n) return '0s'
  if (ns < 0n) return `-${printGoDuration(-ns)}`
  if (ns < 1000n) return `${ns}ns`
  if (ns < 1_000_000n) return `${Number(ns) / 1e3}µs`
  if (ns < second) return `${Number(ns) / 1e6}ms`
  const hours = ns / (3600n * second)
  const minutes = (ns / (60n * second)) % 60n
  const fraction = String(ns % second)
    .padStart(9, '0')
    .replace(/0+$/, '')
  const seconds = `${(ns / second) % 60n}${fraction === '' ? '' : `.${fraction}`}s`
  if (hours > 0n) return `${hours}h${minutes}m${seconds}`
  return minutes > 0n ? `${minutes}m${seconds}` : seconds
}
