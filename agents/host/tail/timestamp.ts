/** RFC 3339 at the start of a line, with `T` or a space, up to nanoseconds and with a zone; also in brackets. */
const prefix =
  /^[[("]?(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?(Z|[+-]\d\d:?\d\d)(?![\w.])/i

/** The time that a line starts with, in RFC 3339 and UTC with all its digits; undefined when it starts with none.
 *  A time without a zone is not taken: whose it is cannot be known. */
export function timestampOf(line: string): string | undefined {
  const found = prefix.exec(line)
  if (found === null) return undefined
  const [, date, time, fraction = '', zone = 'Z'] = found
  const offset = zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone.toUpperCase()
  const ms = Date.parse(`${date}T${time}${offset}`)
  if (Number.isNaN(ms)) return undefined
  return `${new Date(ms).toISOString().slice(0, 19)}${fraction === '' ? '' : `.${fraction}`}Z`
}
