export type MetricType = 'c' | 'g' | 'ms' | 'h' | 'd' | 's'

/** One line of StatsD, with what DogStatsD adds: https://github.com/statsd/statsd/blob/master/docs/metric_types.md
 *  https://docs.datadoghq.com/extend/dogstatsd/datagram_shell/ */
export interface StatsdLine {
  readonly name: string
  /** As they were sent; more than one where a client packs them. */
  readonly values: readonly string[]
  readonly type: MetricType
  /** Above 0, at most 1. */
  readonly sampleRate: number
  readonly tags: Readonly<Record<string, string>>
  /** Seconds since the epoch of a value that a client has aggregated itself; undefined for "now". */
  readonly atSeconds: number | undefined
}

/** `event` and `service check` are DogStatsD's, and no metrics. */
export type StatsdProblem = 'malformed' | 'event' | 'service check'

const types = new Set<string>(['c', 'g', 'ms', 'h', 'd', 's'])
const isType = (text: string): text is MetricType => types.has(text)
/** DogStatsD's tags without a value are true, as Telegraf has it. */
const bare = 'true'

/** Of the times that a point may have: 2^63 ns. */
const lastSecond = 9_223_372_036

interface Extras {
  sampleRate: number
  atSeconds: number | undefined
  readonly tags: Record<string, string>
}

function addTags(text: string, { separator, tags }: { separator: string; tags: Extras['tags'] }) {
  for (const pair of text.split(',')) {
    const at = pair.indexOf(separator)
    const key = at < 0 ? pair : pair.slice(0, at)
    if (key !== '') tags[key] = at < 0 ? bare : pair.slice(at + 1)
  }
}

/** One part behind the type; parts that are unknown (`c:` container, `e:` external data) are left out. False when it is broken. */
function addExtra(part: string, extras: Extras): boolean {
  if (part.startsWith('@')) {
    extras.sampleRate = Number(part.slice(1))
    // One so small that nothing can be divided by it stands for no number.
    return extras.sampleRate <= 1 && extras.sampleRate > 0 && Number.isFinite(1 / extras.sampleRate)
  }
  if (part.startsWith('#')) addTags(part.slice(1), { separator: ':', tags: extras.tags })
  else if (/^T\d+$/.test(part)) {
    extras.atSeconds = Number(part.slice(1))
    return extras.atSeconds <= lastSecond
  }
  return true
}

/** Reads one line without its line feed; never throws. Values are not looked into. */
export function parseStatsdLine(line: string): StatsdLine | StatsdProblem {
  if (line.startsWith('_e{')) return 'event'
  if (line.startsWith('_sc|')) return 'service check'
  const bar = line.indexOf('|')
  const colon = line.indexOf(':')
  if (colon < 1 || bar < colon + 2) return 'malformed'
  const [type = '', ...parts] = line.slice(bar + 1).split('|')
  if (!isType(type)) return 'malformed'
  const extras: Extras = { sampleRate: 1, atSeconds: undefined, tags: Object.create(null) }
  // InfluxDB's flavour has its tags in the name.
  const [name = '', ...inName] = line.slice(0, colon).split(',')
  if (inName.length > 0) addTags(inName.join(','), { separator: '=', tags: extras.tags })
  if (name === '' || !parts.every((part) => addExtra(part, extras))) return 'malformed'
  const text = line.slice(colon + 1, bar)
  // A member of a set may hold colons.
  return { name, type, values: type === 's' ? [text] : text.split(':'), ...extras }
}
