/** `strict_date_optional_time`: https://www.elastic.co/docs/reference/elasticsearch/mapping-reference/mapping-date-format; a space for the `T` too. */
const optionalTime =
  /^(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2})(?::(\d{2})(?:[.,](\d{1,9})\d*)?)?([Zz]|[+-]\d{2}:?\d{2})?)?$/

function fromText(text: string): string | undefined {
  const match = optionalTime.exec(text)
  if (match === null) return undefined
  const [, day, minute = '00:00', second = '00', fraction, zone = 'Z'] = match
  const offset = zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone.toUpperCase()
  const clock = `${day}T${minute}:${second}`
  if (Number.isNaN(Date.parse(`${clock}${offset}`))) return undefined
  return `${clock}${fraction === undefined ? '' : `.${fraction}`}${offset}`
}

/** Milliseconds since the epoch, of years that RFC 3339 can write. */
function fromMilliseconds(ms: number): string | undefined {
  return ms >= 0 && ms < 253_402_300_800_000 ? new Date(ms).toISOString() : undefined
}

/** A date of a document, as Elasticsearch reads one unless told otherwise, in RFC 3339; undefined when it is none. */
export function toTime(value: unknown): string | undefined {
  if (typeof value === 'number') return fromMilliseconds(value)
  if (typeof value !== 'string') return undefined
  return /^\d{5,}$/.test(value) ? fromMilliseconds(Number(value)) : fromText(value)
}
