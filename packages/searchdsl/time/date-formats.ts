/** From which part to which a date text is written: `T` alone is nearly a part of its own. */
const parts = { year: 1, month: 2, day: 3, T: 4, hour: 5, minute: 6, second: 7 }

export interface WrittenDate {
  /** Year, month, day, hour, minute, second and the fraction of one, without the dot. */
  readonly digits: readonly (string | undefined)[]
  readonly zone: string | undefined
  readonly to: number
}

const iso =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:(T)(?:(\d{2})(?::(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?(Z|[+-]\d{2}(?::?\d{2})?)?)?)?)?)?$/

/** The parts of a date text that some format may read. */
export function readDate(text: string): WrittenDate | undefined {
  const match = iso.exec(text)
  if (match === null) return undefined
  const [, year, month, day, t, hour, minute, second, fraction, zone] = match
  const to = [year, month, day, t, hour, minute, second].filter((part) => part !== undefined).length
  return { digits: [year, month, day, hour, minute, second, fraction], zone, to }
}

type Reads = (date: WrittenDate) => boolean

const hasFraction = ({ digits }: WrittenDate): boolean => digits[6] !== undefined
const isWhole: Reads = ({ to, zone }) => to === parts.second && zone !== undefined
const isDay: Reads = ({ to }) => to === parts.day

/** Which of these texts each format reads, as Elasticsearch 8.19 was measured to (some of what its lenient formats read beside them is none of these). */
const formats: Readonly<Record<string, Reads>> = {
  strict_date_optional_time: () => true,
  strict_date_optional_time_nanos: ({ to }) => to <= parts.day || to === parts.second,
  date_optional_time: ({ to, zone }) => to !== parts.hour || zone === undefined,
  iso8601: () => true,
  strict_date_time: isWhole,
  date_time: (date) => date.zone !== undefined && (date.to === parts.minute || hasFraction(date)),
  strict_date_time_no_millis: (date) => isWhole(date) && !hasFraction(date),
  date_time_no_millis: (date) => date.to >= parts.minute && !hasFraction(date),
  strict_date: isDay,
  date: ({ to }) => to <= parts.day,
  'yyyy-MM-dd': isDay,
}

export const isIsoFormat = (format: string): boolean => Object.hasOwn(formats, format)

export const isReadBy = (format: string, date: WrittenDate): boolean =>
  formats[format]?.(date) === true

/** How Elasticsearch reads a date for which no format is named. */
export const defaultDateFormat = 'strict_date_optional_time||epoch_millis'

/** What our mapping in Elasticsearch has instead, since its dates have nanoseconds. */
const mappedFormat = 'strict_date_optional_time_nanos'

/** The format to name to Elasticsearch beside values that came without one: none, unless a date is written to the hour or minute, which the mapping's does not read. */
export function formatToName(values: readonly unknown[]): string | undefined {
  const isUnread = (value: unknown): boolean => {
    const date = typeof value === 'string' ? readDate(value.split('||')[0] ?? '') : undefined
    return date !== undefined && !isReadBy(mappedFormat, date)
  }
  return values.some(isUnread) ? defaultDateFormat : undefined
}
