/** How two answers to one question compare. */
export type Equality = 'same' | 'near' | 'different'

function errorOf(body: string): string | undefined {
  try {
    const parsed = JSON.parse(body) as { error?: string; results?: { error?: string }[] }
    return parsed.error ?? parsed.results?.[0]?.error
  } catch {
    return body.trim()
  }
}

const number = /-?\d+(?:\.\d+)?(?:e[+-]\d+)?/g

/** Relative; what a query may be off by, because InfluxDB adds up in another order or its Go has other last digits than V8. */
function toleranceOf(query: string): number {
  if (/\bholt_winters/i.test(query)) return 1e-7
  if (/\b(mean|sum|stddev|integral)\(/i.test(query)) return 1e-12
  return /\b(sin|cos|tan|asin|acos|atan|atan2|exp|ln|log|log2|log10|pow|sqrt)\(/i.test(query)
    ? 1e-15
    : 0
}

/** Equal but for numbers that differ in their last digits. */
function isNear(a: string, b: string, tolerance: number): boolean {
  if (tolerance === 0 || a.replace(number, '#') !== b.replace(number, '#')) return false
  const [left, right] = [a.match(number) ?? [], b.match(number) ?? []]
  const scale = Math.max(
    ...left.filter((text) => text.includes('.')).map((text) => Math.abs(Number(text))),
    0,
  )
  return left.every((text, at) => {
    const other = right[at] ?? ''
    if (text === other) return true
    const [one, two] = [Number(text), Number(other)]
    return (
      Math.abs(one - two) <=
      tolerance * Math.max(Math.abs(one), Math.abs(two), Math.min(scale, 1e6))
    )
  })
}

/** Byte for byte; sums over several series may differ by 1e-12 of their size, as InfluxDB's own last digits depend on the range it is asked for. */
export function compareBodies(query: string, ours: string, theirs: string): Equality {
  if (ours === theirs) return 'same'
  const [ourError, theirError] = [errorOf(ours), errorOf(theirs)]
  if (ourError !== undefined || theirError !== undefined)
    return ourError === theirError ? 'same' : 'different'
  return isNear(ours, theirs, toleranceOf(query)) ? 'near' : 'different'
}
