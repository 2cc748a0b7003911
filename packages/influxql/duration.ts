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

/** One number that surely fits, and one unit: nearly all there are. */
const single = /^(\d{1,15})(ns|ms|[uµsmhdw])$/

/** Nanoseconds of `1h30m`; undefined when it is no duration or more than int64 holds. */
export function parseDuration(text: string): bigint | undefined {
  const [, digits = '', unit = ''] = single.exec(text) ?? []
  return unit === '' ? parseCompound(text) : fitting(BigInt(Number(digits)) * (units[unit] ?? 0n))
}

const fitting = (ns: bigint): bigint | undefined => (ns <= maxInt64 ? ns : undefined)

function parseCompound(text: string): bigint | undefined {
  let total = 0n
  let end = 0
  for (const match of text.matchAll(/(\d+)(ns|ms|[uµsmhdw])/gy)) {
    end = match.index + match[0].length
    total += BigInt(match[1] ?? '') * (units[match[2] ?? ''] ?? 0n)
  }
  return end === text.length && end > 0 ? fitting(total) : undefined
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
