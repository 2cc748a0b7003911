/** What a search as Grafana sends it must be rebuilt to, by rules about its JSON alone: all that these do not name must go out as it came in. */

type Json = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const present = (object: Json): Json =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined))

const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value]

const isNumber = (text: unknown): boolean =>
  typeof text === 'string' && /^-?\d+(\.\d+)?$/.test(text)

/** `"5"` of an editor's text box is 5. */
const toNumber = (value: unknown): unknown => (isNumber(value) ? Number(value) : value)

const calendarUnits: Json = { '1M': 'month', '1w': 'week', '1q': 'quarter', '1y': 'year' }

/** Without what a printer chooses: parentheses, blanks, and whether a number is written as a whole one. */
export const flatScript = (text: string): string =>
  text.replace(/[()\s]/g, '').replace(/\.0\b/g, '')

/** A season is told of two at least: Elasticsearch would throw away the whole search over fewer. */
function guarded(script: string): string {
  const period = /holtWinters\(.*?,\s*(\d+)\s*,\s*(?:true|false)\s*\)/.exec(script)?.[1]
  return period === undefined
    ? script
    : `values.length < ${2 * Number(period)} ? Double.NaN : ${script}`
}

const movingFunctions: Readonly<Record<string, (settings: Json) => string>> = {
  simple: () => 'unweightedAvg(values)',
  linear: () => 'linearWeightedAvg(values)',
  ewma: ({ alpha = 0.3 }) => `ewma(values, ${alpha})`,
  holt: ({ alpha = 0.3, beta = 0.1 }) => `holt(values, ${alpha}, ${beta})`,
  holt_winters: ({ alpha = 0.3, beta = 0.1, gamma = 0.3, period = 1, type = 'add' }) =>
    `holtWinters(values, ${alpha}, ${beta}, ${gamma}, ${period}, ${type === 'mult'})`,
}

/** Elasticsearch 8 has `moving_avg` no more: the moving function that took its place. */
function movingAverage({ buckets_path, window = 5, model = 'simple', settings = {} }: Json): Json {
  const call = movingFunctions[String(model)]?.(isObject(settings) ? settings : {})
  const script = flatScript(guarded(`MovingFunctions.${call}`))
  return { buckets_path, window: toNumber(window), shift: 0, script }
}

const bodies: Readonly<Record<string, (body: Json) => Json>> = {
  date_histogram: ({ calendar_interval: unit, ...body }) =>
    present({ ...body, calendar_interval: calendarUnits[String(unit)] ?? unit }),
  // Elasticsearch refuses a mode where it has no field to count values of.
  rate: ({ mode, ...body }) => present({ ...body, mode: 'field' in body ? mode : undefined }),
  moving_fn: ({ window, shift = 0, script, ...body }) => ({
    ...{ ...body, window: toNumber(window), shift: toNumber(shift) },
    script: flatScript(guarded(String(script))),
  }),
  moving_avg: movingAverage,
  bucket_script: ({ script, ...body }) => ({ ...body, script: flatScript(String(script)) }),
}

function aggregation(named: unknown): unknown {
  if (!isObject(named)) return named
  return Object.fromEntries(
    Object.entries(named).map(([type, body]) => {
      if (type === 'aggs' || !isObject(body)) return [type, aggregations(body)]
      return [type === 'moving_avg' ? 'moving_fn' : type, bodies[type]?.(body) ?? body]
    }),
  )
}

const aggregations = (aggs: unknown): unknown =>
  isObject(aggs)
    ? Object.fromEntries(Object.entries(aggs).map(([name, one]) => [name, aggregation(one)]))
    : aggs

/** A list also of one clause; `*` is everything. */
function filters(filter: unknown): readonly unknown[] {
  return listOf(filter).map((clause) => {
    const text = isObject(clause) && isObject(clause['query_string']) && clause['query_string']
    return text && text['query'] === '*' ? { match_all: {} } : clause
  })
}

/** Of a search without hits, as those of charts are: `query` is a `bool` of filters, ranges and `*`. Scripts are flat. */
export function rebuiltSearch({ aggs, query, size, ...rest }: Json): Json {
  const bool = isObject(query) && isObject(query['bool']) ? query['bool'] : {}
  return {
    ...{ ...rest, size, aggs: aggregations(aggs) },
    query: { bool: { ...bool, filter: filters(bool['filter']) } },
    // Nothing is scored, and what is counted has an end.
    ...{ sort: [{ _doc: { order: 'asc' } }], _source: true, track_total_hits: 10_000 },
  }
}

/** What was rebuilt, its scripts flat. */
export const withFlatScripts = (search: object): unknown =>
  JSON.parse(JSON.stringify(search), (key, value) =>
    key === 'script' ? flatScript(String(value)) : value,
  )
