import { createHttpSender } from '../../http/sender.ts'
import type { ConnectionSettings, Question, SentReply } from './question.ts'

/** What 8.x takes from clients of its own major version, and 9.x too: https://www.elastic.co/docs/reference/elasticsearch/rest-apis/compatibility */
const mediaType = (format: string): string =>
  `application/vnd.elasticsearch+${format}; compatible-with=8`

/** Asks in bytes, each question once, and says when its memory may be used again. */
export function openBytes(settings: ConnectionSettings) {
  const { url, requestTimeoutMs: timeoutMs } = settings
  const accepted = { accept: mediaType('json'), ...authOf(settings) }
  const sender = createHttpSender({ url, headers: accepted, timeoutMs })
  return {
    send: async (question: Question): Promise<SentReply> => {
      const { method, signal } = question
      const path = pathOf(question)
      const answer = await sender.send({ method, path, signal, ...payloadOf(question) })
      const { status, body: bytes, isSent, headers } = answer
      const product = headers['x-elastic-product']
      return {
        ...{ status, bytes, isSent, retryAfter: headers['retry-after'] },
        product: typeof product === 'string' ? product : undefined,
      }
    },
    close: () => sender.close(),
  }
}

function payloadOf({ body, lines }: Question) {
  if (lines !== undefined)
    return { body: lines, headers: { 'content-type': mediaType('x-ndjson') } }
  if (body === undefined) return {}
  return { body: JSON.stringify(body), headers: { 'content-type': mediaType('json') } }
}

function pathOf({ path, querystring = {} }: Question): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(querystring)) query.set(name, String(value))
  return query.size === 0 ? path : `${path}?${query}`
}

function authOf({ username, password, apiKey }: ConnectionSettings): Record<string, string> {
  if (apiKey !== undefined) return { authorization: `ApiKey ${apiKey.reveal()}` }
  if (username === undefined) return {}
  const pair = Buffer.from(`${username}:${password?.reveal() ?? ''}`).toString('base64')
  return { authorization: `Basic ${pair}` }
}
