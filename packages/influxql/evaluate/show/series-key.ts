import type { SeriesKey } from '../source.ts'

const escapeName = (text: string) => text.replace(/[, ]/g, '\\$&')
const escapeTag = (text: string) => text.replace(/[,= ]/g, '\\$&')

/** A series as SHOW SERIES writes it: `cpu,host=a`. */
export function seriesKeyOf({ measurement, tags }: SeriesKey, hidden: ReadonlySet<string>): string {
  const shown = [...tags].filter(([key]) => !hidden.has(key)).sort(([a], [b]) => (a < b ? -1 : 1))
  const pairs = shown.map(([key, value]) => `,${escapeTag(key)}=${escapeTag(value)}`)
  return escapeName(measurement) + pairs.join('')
}
