import type { IncomingMessage } from 'node:http'
import { HttpError } from '../http-error.ts'
import type { PushVisitor } from '../loki/push.ts'
import { readJsonPush } from '../loki/read-json.ts'
import { readProtobufPush } from '../loki/read-protobuf.ts'
import { type Push, toRecords } from '../loki/to-records.ts'
import { readBody } from '../read-body.ts'
import { publishRecords } from '../receiving.ts'
import { readSnappyBody } from '../wire/snappy-body.ts'
import { writeRoute } from '../write-route.ts'
import type { Input } from './input.ts'

/** Small values of JSON take many times their bytes in memory once they are parsed. */
const maxJsonBytes = 8 * 1024 ** 2

/** JSON, plain or gzip; protobuf else, in a snappy block whether its sender says so or not. */
async function readPush(
  request: IncomingMessage,
  maxBytes: number,
): Promise<(visitor: PushVisitor) => void> {
  const type = String(request.headers['content-type'] ?? '').toLowerCase()
  if (type.startsWith('application/json')) {
    const body = await readBody(request, Math.min(maxBytes, maxJsonBytes))
    return (visitor) => readJsonPush(body, visitor)
  }
  const encoding = request.headers['content-encoding'] ?? 'snappy'
  if (encoding !== 'snappy') {
    const message = `unsupported content encoding of protobuf: ${encoding}, snappy is`
    throw new HttpError(415, 'invalid', { message })
  }
  const body = await readSnappyBody(request, maxBytes)
  return (visitor) => readProtobufPush(body, visitor)
}

/** The 400 for lines that can never be stored; the others are published. */
const refusal = ({ refused, problem }: Push): HttpError =>
  new HttpError(400, 'invalid', { message: `${problem}; lines that were left out: ${refused}` })

/** Loki's push: https://grafana.com/docs/loki/latest/reference/loki-http-api/#ingest-logs */
export const loki: Input = {
  type: 'loki',
  mount: (app, context) => {
    const { maxBodyBytes, messageBytes } = context.settings
    const route = writeRoute(context, {
      // Promtail logs the first line of an answer.
      answer: (response, { message }) => void response.type('text/plain').send(`${message}\n`),
      take: async ({ request }, sender) => {
        const at = new Date().toISOString()
        const read = await readPush(request, maxBodyBytes)
        const push = toRecords(read, { sender, at, messageBytes, maxBytes: maxBodyBytes })
        await publishRecords(context, sender, push.bodies)
        if (push.refused > 0) throw refusal(push)
      },
    })
    app.post('/loki/api/v1/push', route)
    app.get('/ready', (_, response) => void response.type('text/plain').send('ready\n'))
  },
}
