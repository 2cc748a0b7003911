/** One request as Grafana's InfluxDB data source sends it. */
export interface InfluxdbRequest {
  readonly path: string
  /** Of the address, encoded. */
  readonly query: string
  readonly body: string
}

export type ExpectedClass =
  /** Sent to an InfluxDB 1 and, through the gateway, to the same: the same answer, or the same error. */
  | { readonly kind: 'compared' }
  /** Not to be run on the test server, or not answered by it: the request that goes out is checked, and an answer that was verified by hand. */
  | { readonly kind: 'rebuilt' }
  | { readonly kind: 'refused'; readonly text: RegExp }

interface Facts {
  readonly path: string
  /** Of InfluxQL, address and form together; the form wins. */
  readonly parameters: ReadonlyMap<string, string>
  /** InfluxQL without texts, comments and quoted names; empty for Flux. */
  readonly skeleton: string
  readonly influxql: string
  /** Empty for InfluxQL. */
  readonly flux: string
}

interface Rule {
  readonly when: string
  readonly holds: (facts: Facts) => boolean
  readonly expected: ExpectedClass
}

const refused = (text: RegExp): ExpectedClass => ({ kind: 'refused', text })

/** Retention policies that every tenant has. */
const policies: ReadonlySet<string> = new Set(['', 'default', 'autogen', '5m', '1h'])

const writing = /^\s*(drop|create|delete|alter|grant|revoke|set|kill|explain)\b|\binto\b/i
const ofServer =
  /^\s*show\s+(diagnostics|stats|users|grants|queries|shards?|subscriptions|continuous)\b/i
const statementsOf = ({ skeleton }: Facts): readonly string[] => skeleton.split(';')

/** `"a"."b".` or `"a"..` before the name of a measurement. */
const threeParts = /"((?:[^"\\]|\\.)*)"\.(?:"((?:[^"\\]|\\.)*)")?\.(?:"|\/)/
const twoParts = /(?:from|join)\s+"((?:[^"\\]|\\.)*)"\.(?:"|\/)/i
const mostWindows = 1_000_000

function foreignDatabase({ influxql, parameters }: Facts): boolean {
  const named = threeParts.exec(influxql)?.[1] ?? /\bon\s+"((?:[^"\\]|\\.)*)"/i.exec(influxql)?.[1]
  return named !== undefined && named !== parameters.get('db')
}

function foreignPolicy({ influxql, parameters }: Facts): boolean {
  const named = threeParts.exec(influxql)?.[2] ?? twoParts.exec(influxql)?.[1] ?? ''
  return !policies.has(named) || !policies.has(parameters.get('rp') ?? '')
}

const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1e3, m: 6e4, h: 36e5, d: 864e5 }

/** Of the range in milliseconds that Grafana writes, by the interval of GROUP BY. */
function windowsOf({ influxql }: Facts): number {
  const from = /time >= (\d+)ms/.exec(influxql)?.[1]
  const to = /time <= (\d+)ms/.exec(influxql)?.[1]
  const [, count, unit = ''] = /time\((\d+)(ms|s|m|h|d)/i.exec(influxql) ?? []
  if (from === undefined || to === undefined || count === undefined) return 0
  return (Number(to) - Number(from)) / (Number(count) * (unitsMs[unit] ?? 1))
}

const importsOf = ({ flux }: Facts): readonly string[] =>
  [...flux.matchAll(/^\s*import\s+(?:\w+\s+)?"([^"]*)"/gm)].map(([, path = '']) => path)

const pure =
  /^(array|date|dict|interpolate|join|math|regexp|sampledata|strings|timezone|types|influxdata\/influxdb\/(schema|v1))$/

const count = (text: string, character: string): number => text.split(character).length

/** The first rule that holds decides. */
const rules: readonly Rule[] = [
  {
    when: 'the path is none of the gateway',
    holds: ({ path }) => path !== '/query' && path !== '/api/v2/query',
    expected: refused(/^the gateway has no /),
  },
  {
    when: 'Flux: parentheses that do not match',
    holds: ({ flux }) => count(flux, '(') !== count(flux, ')'),
    expected: refused(/^error @\d+:\d+: found /),
  },
  {
    when: 'Flux: a package that can reach something else',
    holds: (facts) => importsOf(facts).some((path) => !pure.test(path)),
    expected: refused(/^the package ".*" is not accepted/),
  },
  {
    when: 'Flux: a write',
    holds: ({ flux }) => /\|>\s*(\w+\.)?(to|wideTo)\s*\(/.test(flux),
    expected: refused(/^the function "(to|wideTo)".* is not accepted/),
  },
  {
    when: 'Flux: no InfluxDB 2 can be run',
    holds: ({ flux }) => flux !== '',
    expected: { kind: 'rebuilt' },
  },
  {
    when: 'credentials in the address',
    holds: ({ parameters }) => parameters.has('u') || parameters.has('p'),
    expected: refused(/^credentials in an address end up in logs/),
  },
  {
    when: 'a statement that writes, defines or explains',
    holds: (facts) => statementsOf(facts).some((text) => writing.test(text)),
    expected: refused(/not authorized to execute statement '/),
  },
  {
    when: 'a statement about the server',
    holds: (facts) => statementsOf(facts).some((text) => ofServer.test(text)),
    expected: refused(/not authorized to execute statement 'SHOW /),
  },
  {
    when: 'another database',
    holds: foreignDatabase,
    expected: refused(/^database not found: /),
  },
  {
    when: 'a retention policy that Warren does not have',
    holds: foreignPolicy,
    expected: refused(/^retention policy not found: /),
  },
  {
    when: 'more windows than anybody could show',
    holds: (facts) => windowsOf(facts) > mostWindows,
    expected: refused(/windows of each series, more than 1,000,000/),
  },
  {
    when: 'the databases, of which a tenant has one',
    holds: (facts) => statementsOf(facts).some((text) => /^\s*show\s+databases\b/i.test(text)),
    expected: { kind: 'rebuilt' },
  },
  { when: 'everything else', holds: () => true, expected: { kind: 'compared' } },
]

/** Texts, quoted names, comments and regexes hold no keyword that counts. */
const noise = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|--[^\n]*|\/\*[\s\S]*?\*\//g

function factsOf({ path, query, body }: InfluxdbRequest): Facts {
  const isFlux = path.startsWith('/api/v2/')
  const form = isFlux ? [] : [...new URLSearchParams(body)]
  const parameters = new Map([...new URLSearchParams(query), ...form])
  const influxql = isFlux ? '' : (parameters.get('q') ?? '')
  const flux = isFlux ? String((JSON.parse(body) as { query?: unknown }).query ?? '') : ''
  return { path, parameters, influxql, skeleton: influxql.replace(noise, ' '), flux }
}

/** What is expected of a request, by what it holds and nothing else. */
export function classOf(request: InfluxdbRequest): ExpectedClass & { readonly when: string } {
  const facts = factsOf(request)
  const rule = rules.find(({ holds }) => holds(facts))
  if (rule === undefined) throw new Error('BUG: the last rule holds for everything')
  return { ...rule.expected, when: rule.when }
}
