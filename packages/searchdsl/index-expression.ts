import { refused } from './errors.ts'
import { limits } from './limits.ts'
import { resolveDateMs } from './time/date-text.ts'
import { timeZoneOf } from './time/time-zone.ts'
import { matchesWildcard } from './wildcard.ts'

/** What stands for all of a tenant's logs, beside `*` and `_all`. */
const aliases = new Set([
  '',
  '*',
  '_all',
  'warren-logs',
  'logs',
  'logs-*',
  'logs-warren',
  'logs-warren-*',
])

/** The tenant's own streams that these expressions name, in the order of `ownStreams`; nothing else ever comes out.
 *  Lists, `*`, `?`, `-exclude` after a wildcard, `_all`, nothing at all (everything), `<logs-{now/d}>`. Unknown and remote names resolve to nothing. */
export function resolveIndices(
  expressions: readonly string[],
  ownStreams: readonly string[],
  nowMs: number,
): readonly string[] {
  if (expressions.length === 0) return ownStreams
  if (expressions.length > limits.names)
    throw refused(`more than ${limits.names} index expressions in one search`)
  if (expressions.reduce((sum, one) => sum + countDates(one), 0) > limits.indexDates)
    throw refused(`more than ${limits.indexDates} dates in the index expressions of one search`)
  let chosen = new Set<string>()
  let seenWildcard = false
  for (const expression of expressions) {
    const name = dateMathName(expression.trim(), nowMs)
    if (name.startsWith('-') && seenWildcard) {
      const excluded = matching(name.slice(1), ownStreams)
      chosen = new Set([...chosen].filter((stream) => !excluded.includes(stream)))
      continue
    }
    seenWildcard ||= aliases.has(name) || /[*?]/.test(name)
    for (const stream of matching(name, ownStreams)) chosen.add(stream)
  }
  return ownStreams.filter((stream) => chosen.has(stream))
}

function matching(name: string, ownStreams: readonly string[]): readonly string[] {
  if (aliases.has(name)) return ownStreams
  if (!isName(name)) return []
  return ownStreams.filter((stream) => matchesWildcard(name, stream))
}

const date = /\{(now[^{}]{0,50})(?:\{([^{}|]{1,50})(?:\|([^{}]{1,50}))?\})?\}/g

/** A longer text names nothing, so its dates are not worked out. */
const isName = (expression: string): boolean => expression.length <= limits.patternLength

function countDates(expression: string): number {
  return isName(expression) ? (expression.match(date)?.length ?? 0) : 0
}

/** `<logs-{now/d{yyyy.MM.dd|+02:00}}>`: https://www.elastic.co/docs/reference/elasticsearch/rest-apis/api-conventions#api-date-math-index-names
 *  A text that is no date math stays as it is, and then names nothing. */
function dateMathName(expression: string, nowMs: number): string {
  const inner = isName(expression) ? /^<(.*)>$/.exec(expression)?.[1] : undefined
  if (inner === undefined) return expression
  try {
    return inner.replace(date, (_, ...groups: readonly (string | undefined)[]) => {
      const [math = 'now', format, timeZone] = groups
      const ms = resolveDateMs(math, { nowMs, timeZone })
      return printDate(format ?? 'yyyy.MM.dd', ms + timeZoneOf(timeZone).offsetMsAt(ms))
    })
  } catch {
    return expression
  }
}

function printDate(format: string, localMs: number): string {
  const [year = '', month = '', day = '', hour = ''] = new Date(localMs)
    .toISOString()
    .split(/[-T:]/)
  const parts: Readonly<Record<string, string>> = {
    yyyy: year,
    uuuu: year,
    MM: month,
    dd: day,
    HH: hour,
  }
  return format.replace(/yyyy|uuuu|MM|dd|HH/g, (part) => parts[part] ?? part)
}
