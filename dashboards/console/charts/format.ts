export type Unit = 'percent' | 'bytes' | 'bytesPerSecond' | 'perSecond' | 'number' | 'milliseconds'

interface Scale {
  readonly base: number
  /** Of the powers of the base. */
  readonly names: readonly string[]
  /** Behind the name. */
  readonly suffix: string
}

const binary = { base: 1024, names: ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] }
const decimal = { base: 1000, names: ['', 'k', 'M', 'G', 'T'] }

const scales: Readonly<Record<Unit, Scale>> = {
  percent: { base: 1000, names: ['%'], suffix: '' },
  bytes: { ...binary, suffix: '' },
  bytesPerSecond: { ...binary, suffix: '/s' },
  perSecond: { ...decimal, suffix: '/s' },
  milliseconds: { ...decimal, suffix: ' ms' },
  number: { ...decimal, suffix: '' },
}

/** The largest power of the base that a value has, of those with a name. */
function powerOf(value: number, { base, names }: Scale): number {
  let size = Math.abs(value)
  let power = 0
  while (size >= base && power < names.length - 1) {
    size /= base
    power++
  }
  return power
}

const written = (text: string, { names, suffix }: Scale, power: number): string =>
  `${text} ${names[power] ?? ''}`.trim() + suffix

/** A number with its unit, short enough for an axis. */
export function format(value: number, unit: Unit): string {
  const scale = scales[unit]
  const power = powerOf(value, scale)
  const scaled = value / scale.base ** power
  const size = Math.abs(scaled)
  const most = unit === 'percent' ? 1 : 2
  const digits = Number.isInteger(size) || size >= 100 ? 0 : size >= 10 ? most - 1 : most
  return written(scaled.toFixed(digits), scale, power)
}

const maxTickDigits = 3

/** As few as tell them apart exactly. */
const digitsOf = (values: readonly number[]): number =>
  [0, 1, 2].find((digits) =>
    values.every((value) => Math.abs(Number(value.toFixed(digits)) - value) < 1e-9),
  ) ?? maxTickDigits

/** Ticks of one axis: all in the unit of the largest, with the same decimals. */
export function formatTicks(ticks: readonly number[], unit: Unit): string[] {
  const scale = scales[unit]
  const power = powerOf(Math.max(0, ...ticks.map(Math.abs)), scale)
  const scaled = ticks.map((tick) => tick / scale.base ** power)
  const digits = digitsOf(scaled)
  return scaled.map((value) => written(value.toFixed(digits), scale, power))
}

const powersOfTwo = Array.from({ length: 52 }, (_, power) => 2 ** power)

/** Steps between ticks of an axis; undefined leaves the choice of decimal ones to the chart. */
export const ticksOf = (unit: Unit): number[] | undefined =>
  unit === 'bytes' || unit === 'bytesPerSecond' ? powersOfTwo : undefined

/** The least upper end of an axis, so that a line of zeros has a scale that makes sense. */
export function leastTop(unit: Unit): number {
  if (unit === 'bytes' || unit === 'bytesPerSecond') return 1024
  return unit === 'percent' ? 10 : 1
}
