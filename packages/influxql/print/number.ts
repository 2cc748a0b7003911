/** As Go's FormatFloat(value, 'f', -1): never an exponent. */
export function printDecimal(value: number): string {
  const text = Object.is(value, -0) ? '-0' : String(value)
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-])(\d+)$/.exec(text)
  if (match === null) return text
  const [, sign = '', first = '', rest = '', direction = '', power = ''] = match
  const digits = first + rest
  if (direction === '-') return `${sign}0.${'0'.repeat(Number(power) - 1)}${digits}`
  return sign + digits.padEnd(Number(power) + 1, '0')
}

/** A number literal always has a fraction, so that it does not turn into an integer. */
export function printNumber(value: number): string {
  const text = printDecimal(value)
  return text.includes('.') || !Number.isFinite(value) ? text : `${text}.0`
}
