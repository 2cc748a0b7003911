import { addAbortSignal, type Readable } from 'node:stream'
import type { Client } from '@elastic/elasticsearch'
import { readAnswer } from '../../http/read-answer.ts'
import type { ConnectionSettings, Question, RawReply } from './question.ts'

/** Asks through `@elastic/elasticsearch`, without its retries; an answer comes back unread. The client is loaded when the first question is asked: it takes some 20 MB, which a poller does not need. */
export function openElastic(settings: ConnectionSettings) {
  let opened: Promise<Client> | undefined
  return {
    send: async (question: Question): Promise<RawReply> => {
      opened ??= createClient(settings)
      return exchange(await opened, question, settings.requestTimeoutMs)
    },
    close: async (): Promise<void> => (await opened)?.close(),
  }
}

async function createClient(settings: ConnectionSettings): Promise<Client> {
  const { Client, HttpConnection } = await import('@elastic/elasticsearch')
  const auth = authOf(settings)
  return new Client({
    node: settings.url,
    Connection: HttpConnection,
    requestTimeout: settings.requestTimeoutMs,
    // A retry hidden in the client would do the work twice; the store knows what is open.
    maxRetries: 0,
    compression: false,
    resurrectStrategy: 'none',
    enableMetaHeader: false,
    ...(auth === undefined ? {} : { auth }),
  })
}

function authOf({ username, password, apiKey }: ConnectionSettings) {
  if (apiKey !== undefined) return { apiKey: apiKey.reveal() }
  if (username === undefined) return undefined
  return { username, password: password?.reveal() ?? '' }
}

/** The client's own timeout ends with the head of a streamed answer; this one with its last byte. */
async function exchange(client: Client, question: Question, timeoutMs: number): Promise<RawReply> {
  const { signal, method, path, querystring, body, lines, share } = question
  const deadline = AbortSignal.timeout(timeoutMs)
  const ended = signal === undefined ? deadline : AbortSignal.any([signal, deadline])
  const payload = lines === undefined ? { ...(body && { body }) } : { bulkBody: lines.toString() }
  const reply = await client.transport.request(
    { method, path, ...(querystring && { querystring }), ...payload },
    { meta: true, asStream: true, signal: ended },
  )
  const bytes = await readAnswer(addAbortSignal(ended, reply.body as Readable), share)
  const header = (name: string): string | undefined => {
    const value: unknown = reply.headers?.[name]
    return typeof value === 'string' ? value : undefined
  }
  return {
    status: reply.statusCode ?? 500,
    bytes,
    product: header('x-elastic-product'),
    retryAfter: header('retry-after'),
  }
}
