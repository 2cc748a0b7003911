import { type LogRecordLike, rowId } from '@warren/searchdsl/search-records.testing'

/** Start of the six hours that the captured requests ask about. */
const startMs = Date.UTC(2026, 7, 1)

const messages = [
  'connection refused by upstream',
  'GET /api/v1/orders 500 error',
  'user alice logged in from 10.0.0.7',
  'the connection was refused: error 111',
  'cache miss for key order:42',
]

/** A record every two minutes, with a value for each field that the captured requests are about, most of the time. */
export const grafanaRecords: readonly LogRecordLike[] = Array.from({ length: 180 }, (_, at) => ({
  id: rowId(at),
  '@timestamp': new Date(startMs + at * 120_000 + 7).toISOString(),
  message: messages[at % messages.length] ?? '',
  'event.dataset': at % 2 === 0 ? 'web' : 'db',
  'host.name': `host-000${at % 4}`,
  'log.level': ['error', 'warn', 'info', 'very bad'][at % 4] ?? '',
  'service.name': at % 3 === 0 ? 'api' : 'test',
  node: at % 5 === 0 ? 'eu' : 'us',
  'log.file.path': at % 2 === 0 ? '/api/v1/orders' : '/health',
  'agent.id': `user-${at % 9}`,
  severity_number: (at % 24) + 1,
  ...(at % 7 === 0 ? {} : { 'log.offset': (at * 37) % 1000 }),
  attributes: { env: at % 2 === 0 ? 'prod' : 'test' },
}))

/** The captured requests' names for what our records have. */
const ourNames: Readonly<Record<string, string>> = {
  bytes: 'log.offset',
  duration: 'severity_number',
  status: 'severity_number',
  'host.keyword': 'host.name',
  level: 'log.level',
  service: 'service.name',
  region: 'node',
  path: 'log.file.path',
  'user.id': 'agent.id',
  env: 'attributes.env',
}

/** The text of a captured search about our fields: names in JSON texts, and before the colon of Lucene's. */
export function toOurFields(search: string): string {
  const names = Object.keys(ourNames).map((name) => name.replace('.', '\\.'))
  const name = names.join('|')
  const inJson = new RegExp(`(?<=:\\s*\\[?\\{?")(${name})(?=")`, 'g')
  const inLucene = new RegExp(`(?<![\\w.\\\\])(${name})(?=:)`, 'g')
  const rename = (found: string) => ourNames[found] ?? found
  return search.replace(inJson, rename).replace(inLucene, rename)
}
