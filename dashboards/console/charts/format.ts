export type Unit = 'percent' | 'bytes' | 'bytesPerSecond' | 'perSecond' | 'number' | 'milliseconds'

const binary = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']
const decimal = ['', 'k', 'M', 'G', 'T']

function scaled(value: number, base: number, names: readonly string[]): string {
  let size = Math.abs(value)
  let index = 0
  while (size >= base && index < names.length - 1) {
    size /= base
    index++
  }
  const digits = size >= 100 || Number.isInteger(size) ? 0 : size >= 10 ? 1 : 2
  const sign = value < 0 ? '-' : ''
  return `${sign}${size.toFixed(digits)} ${names[index] ?? ''}`.trim()
}

/** A number with its unit, short enough for an axis. */
export function format(value: number, unit: Unit): string {
  switch (unit) {
    case 'percent':
      return `${value.toFixed(Math.abs(value) >= 10 || Number.isInteger(value) ? 0 : 1)} %`
    case 'bytes':
      return scaled(value, 1024, binary)
    case 'bytesPerSecond':
      return `${scaled(value, 1024, binary)}/s`
    case 'perSecond':
      return `${scaled(value, 1000, decimal)}/s`
    case 'milliseconds':
      return `${scaled(value, 1000, decimal)} ms`
    case 'number':
      return scaled(value, 1000, decimal)
  }
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
