import type { Cursor } from './cursor.ts'
import { parseSegments } from './parse-expression.ts'
import type { Measurement } from './tree.ts'

function toMeasurement(segments: readonly string[], last: Partial<Measurement>): Measurement {
  const [database, policy] = segments.length > 1 ? segments : ['', ...segments]
  return {
    kind: 'measurement',
    ...(database ? { database } : {}),
    ...(policy ? { policy } : {}),
    ...last,
  }
}

/** After a dot or a blank a slash starts a regex; right after a name it is an operator or a comment. */
function mayBeRegex(cursor: Cursor): boolean {
  return cursor.text[cursor.followingAt() - 1] === '.' || cursor.following() !== '/'
}

/** `m`, `rp.m`, `db.rp.m`, `db..m`, or a regex in place of the name. */
export function parseMeasurement(cursor: Cursor): Measurement {
  const alone = cursor.regex()
  if (alone !== undefined) return { kind: 'measurement', regex: alone }
  const segments = parseSegments(cursor)
  const regex = segments.length < 3 && mayBeRegex(cursor) ? cursor.regex() : undefined
  if (regex !== undefined) return toMeasurement(segments, { regex })
  return toMeasurement(segments.slice(0, -1), { name: segments.at(-1) ?? '' })
}

/** The name after INTO, or `db.rp.:MEASUREMENT`. */
export function parseTarget(cursor: Cursor): Measurement {
  const segments = parseSegments(cursor)
  if (segments.length < 3 && cursor.following() === ':') {
    cursor.expect(':', 'MEASUREMENT')
    return toMeasurement(segments, { target: true })
  }
  return toMeasurement(segments.slice(0, -1), { name: segments.at(-1) ?? '' })
}

export function parseMeasurements(cursor: Cursor): Measurement[] {
  const sources: Measurement[] = []
  do sources.push(parseMeasurement(cursor))
  while (cursor.accept(','))
  return sources
}
