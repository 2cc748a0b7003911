import { publicDatabase } from '@warren/contracts/names'
import { HttpError } from '../http-error.ts'
import { takeWrite } from '../write.ts'
import { type Answer, writeRoute } from '../write-route.ts'
import type { Input } from './input.ts'

/** What clients of InfluxDB look for to choose their dialect. */
const influxdbVersion = '1.8.10'

/** `db` of `/write`: https://docs.influxdata.com/influxdb/v1/tools/api/#write-http-endpoint */
function checkDatabase(query: URLSearchParams): void {
  const name = query.get('db')
  if (name === null || name === '')
    throw new HttpError(400, 'invalid', { message: 'database is required' })
  if (name !== publicDatabase)
    throw new HttpError(404, 'not found', { message: `database not found: "${name}"` })
}

/** `bucket` of `/api/v2/write`, which may name a retention policy after a slash: https://docs.influxdata.com/influxdb/v1/tools/api/#apiv2write-http-endpoint */
function checkBucket(query: URLSearchParams): void {
  const name = query.get('bucket') ?? ''
  if (name.split('/')[0] !== publicDatabase)
    throw new HttpError(404, 'not found', { message: `bucket "${name}" not found` })
}

/** Errors in the shape of the API that was called. */
const answers = {
  influxdb1: (response, { message }) => void response.json({ error: message }),
  influxdb2: (response, { code, message }) => void response.json({ code, message }),
} satisfies Record<string, Answer>

/** Line protocol, as InfluxDB 1 and 2 take it. */
export const influxdb: Input = {
  type: 'influxdb',
  mount: (app, context) => {
    /** The check throws when the request names a database that the sender does not have. */
    const route = (check: (query: URLSearchParams) => void, answer: Answer) =>
      writeRoute(context, {
        answer,
        take: async (write, sender) => {
          check(write.query)
          await takeWrite(context, write, sender)
        },
      })
    app.use(['/ping', '/write', '/api/v2/write'], (_, response, next) => {
      response.set('X-Influxdb-Version', influxdbVersion)
      next()
    })
    app.get('/ping', (_, response) => void response.status(204).end())
    app.post('/write', route(checkDatabase, answers.influxdb1))
    app.post('/api/v2/write', route(checkBucket, answers.influxdb2))
  },
}
