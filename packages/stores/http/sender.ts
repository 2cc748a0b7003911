import {
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { readAnswer } from './read-answer.ts'

export interface HttpTarget {
  /** `http` or `https`, with any path that goes before all others. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** From the first byte sent to the last one received. */
  readonly timeoutMs: number
}

export interface HttpQuestion {
  readonly method: string
  /** From `/`, with the query. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array | string
  readonly signal?: AbortSignal | undefined
}

export interface HttpAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** Requests to one server over connections that stay open. */
export interface HttpSender {
  /** One request with one answer, whatever its status; never again by itself. Rejects when there is no whole answer: nobody there, cut, late, aborted, or longer than `maxAnswerBytes`. */
  send(question: HttpQuestion): Promise<HttpAnswer>
  close(): void
}

/** For a server that has no client which takes bytes. */
export function createHttpSender(target: HttpTarget): HttpSender {
  const isTls = target.url.startsWith('https:')
  const agent = isTls ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true })
  const base = target.url.replace(/\/+$/, '')
  return {
    send: async ({ method, path, headers, body, signal }) => {
      const deadline = AbortSignal.timeout(target.timeoutMs)
      const options = {
        method,
        agent,
        headers: {
          ...target.headers,
          ...headers,
          ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
        },
        signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
      }
      const start = isTls ? httpsRequest : httpRequest
      return exchange((onAnswer) => start(new URL(`${base}${path}`), options, onAnswer), body)
    },
    close: () => agent.destroy(),
  }
}

type Start = (onAnswer: (answer: IncomingMessage) => void) => ReturnType<typeof httpRequest>

function exchange(start: Start, body: Uint8Array | string | undefined): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const request = start((answer) => {
      const { statusCode: status = 0, headers } = answer
      readAnswer(answer).then((bytes) => resolve({ status, headers, body: bytes }), reject)
    })
    request.on('error', reject)
    request.end(body)
  })
}
