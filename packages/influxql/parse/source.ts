import type { Cursor } from '../tokens/cursor.ts'
import type { Measurement } from '../tree.ts'
import { parseSegments } from './expression.ts'

function toMeasurement(segments: readonly string[], last: Partial<Measurement>): Measurement {
  const [database, policy] = segments.length > 1 ? segments : ['', ...segments]
  return {
    kind: 'measurement',
    ...(database ? { database } : {}),
    ...(policy ? { policy } : {}),
    ...last,
  }
}

/** A regex in place of the last name. Behind a name only a dot may precede it, though the reference looks one token further. */
function parseLastRegex(cursor: Cursor): string | undefined {
  if (endsInDot(cursor)) return cursor.regex()
  if (cursor.followingNext() === '/') throw cursor.unexpectedAtOnce('regex')
  return undefined
}

const endsInDot = (cursor: Cursor): boolean => cursor.text[cursor.followingAt() - 1] === '.'

/** `m`, `rp.m`, `db.rp.m`, `db..m`, or a regex in place of the name. */
export function parseMeasurement(cursor: Cursor): Measurement {
  return parseRegexSource(cursor) ?? parseNamedSource(cursor)
}

export function parseRegexSource(cursor: Cursor): Measurement | undefined {
  const regex = cursor.regex()
  return regex === undefined ? undefined : { kind: 'measurement', regex }
}

/** What does not start with a regex. */
export function parseNamedSource(cursor: Cursor): Measurement {
  const segments = parseSegments(cursor)
  const regex = segments.length < 3 ? parseLastRegex(cursor) : undefined
  if (regex !== undefined) return toMeasurement(segments, { regex })
  return toMeasurement(segments.slice(0, -1), { name: segments.at(-1) ?? '' })
}

/** The name after INTO, or `db.rp.:MEASUREMENT`. */
export function parseTarget(cursor: Cursor): Measurement {
  const segments = parseSegments(cursor)
  if (segments.length < 3 && isColonNext(cursor)) {
    cursor.expect(':', 'MEASUREMENT')
    return toMeasurement(segments, { target: true })
  }
  return toMeasurement(segments.slice(0, -1), { name: segments.at(-1) ?? '' })
}

const isColonNext = (cursor: Cursor): boolean =>
  (endsInDot(cursor) ? cursor.following() : cursor.followingNext()) === ':'

export function parseMeasurements(cursor: Cursor): Measurement[] {
  const sources: Measurement[] = []
  do sources.push(parseMeasurement(cursor))
  while (cursor.accept(','))
  return sources
}
