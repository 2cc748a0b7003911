import { gunzipSync } from 'node:zlib'
import type { HttpAnswer, HttpSender } from '@warren/stores/http/sender'
import { canary } from './data.ts'
import { insightsPath, withoutFigures } from './own-pages.ts'
import { elasticsearchPath, type Question } from './question.ts'

/** What a client can tell of an answer, without what differs between any two: ids, clocks, how long it took. */
export interface Reply {
  readonly status: number
  readonly headers: string
  readonly body: string
  /** `X-Warren-Cache` and `RateLimit`: the latter is compared where nothing races (`standings.ts`). */
  readonly cache: string
  readonly rateLimit: string
}

const volatileHeaders: ReadonlySet<string> = new Set([
  ...['date', 'x-request-id', 'request-id', 'traceparent', 'connection', 'keep-alive'],
  // Of a body that says how long it took; the body itself is compared.
  'content-length',
  // Compared apart: an answer that is asked for anew differs in both.
  ...['ratelimit', 'x-warren-cache'],
])

/** As a reason ends. */
const requestName = / \(request [\w.:-]+\)/g

/** Without what an answer says of itself, and where a record lies in its index (`_doc`), which Elasticsearch decides by chance. */
const withoutChance = (body: string): string =>
  body
    .replace(/"took":\d+/g, '"took":0')
    .replace(/"requestId":"[^"]*"/, '"requestId":""')
    .replace(requestName, '')
    .replace(/"sort":\[("[^"]*"),\d+\]/g, '"sort":[$1]')

interface Hit {
  readonly _source?: Readonly<Record<string, unknown>>
  readonly sort?: readonly unknown[]
}

/** By a time; a number is a place in the index, or what stands for a field that nothing has. */
const isOrdered = ({ sort }: Hit): boolean => typeof sort?.[0] === 'string'

/** Hits without an order come in that of segments, which is chance where a refresh came in the middle of a write: of them it matters how many there are, and whose. */
function withoutOrder(text: string): string {
  const replaceHits = (key: string, value: unknown): unknown => {
    if (key !== 'hits' || !Array.isArray(value)) return value
    const hits = value as readonly Hit[]
    return hits.every(isOrdered) ? hits : hits.map(({ _source }) => _source?.['warren.tenant'])
  }
  return JSON.stringify(JSON.parse(text, replaceHits))
}

function comparable(path: string, body: string): string {
  if (path.startsWith(insightsPath)) return withoutFigures(body)
  const text = withoutChance(body)
  const hasHits = path.startsWith(elasticsearchPath) && text.includes('"hits":[{')
  return hasHits ? withoutOrder(text) : text
}

const textOf = ({ headers, body }: HttpAnswer): string =>
  (headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString()

/** Without what differs between any two answers, by name: the order in which a server writes them says nothing of whose they are. */
const toldHeaders = ({ headers }: HttpAnswer): string =>
  Object.entries(headers)
    .filter(([name]) => !volatileHeaders.has(name))
    .map(
      ([name, value]) =>
        `${name}: ${String(value)
          .replace(/'nonce-[^']*'/g, "'nonce'")
          .replace(requestName, '')}`,
    )
    .sort()
    .join('\n')

/** Over a plain socket: the path goes out as it is written, where a client for pages would take the dots out of it. */
export async function ask(
  gateway: HttpSender,
  token: string,
  { method, path, headers, body }: Question,
): Promise<Reply> {
  const answer = await gateway.send({
    method,
    path,
    headers: { authorization: `Bearer ${token}`, ...headers },
    ...(body === undefined ? {} : { body }),
  })
  return {
    status: answer.status,
    headers: toldHeaders(answer),
    body: comparable(path, textOf(answer)),
    cache: String(answer.headers['x-warren-cache'] ?? ''),
    rateLimit: String(answer.headers['ratelimit'] ?? ''),
  }
}

export const stateOf = ({ cache }: Reply): string => cache.split(';')[0] ?? ''

export const isSame = (one: Reply, other: Reply): boolean =>
  one.status === other.status && one.headers === other.headers && one.body === other.body

/** True when an answer has what only the stranger has. A question may name it, and its refusal say it again. */
export function tellsCanary(question: Question, { body }: Reply): boolean {
  const asked = question.path + (question.body ?? '')
  return body.includes(canary) && !asked.includes(canary)
}

/** How the reader could tell two answers apart, in words. */
export function differenceOf(alone: Reply, together: Reply): string {
  const [one, other] = [alone, together].map(
    ({ status, headers, body }) => `${status}\n${headers}\n\n${body.slice(0, 3000)}`,
  )
  return `alone: ${one}\n--- beside the stranger: ${other}`
}
