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
  /** In one piece or several, which are sent one after the other. */
  readonly body?: Uint8Array | string | readonly Uint8Array[]
  /** Instead of the target's. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal | undefined
}

export interface HttpAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  /** The operating system has taken the whole question: nobody reads its bytes any more. False where the server has answered before it had them all. */
  readonly isSent: boolean
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
    send: async ({ method, path, headers, body, signal, timeoutMs = target.timeoutMs }) => {
      const pieces = body === undefined || isPieces(body) ? body : [body]
      const deadline = AbortSignal.timeout(timeoutMs)
      const options = {
        method,
        agent,
        headers: {
          ...target.headers,
          ...headers,
          ...(pieces === undefined ? {} : { 'content-length': String(bytesOf(pieces)) }),
        },
        signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
      }
      const start = isTls ? httpsRequest : httpRequest
      return exchange((onAnswer) => start(new URL(`${base}${path}`), options, onAnswer), pieces)
    },
    close: () => agent.destroy(),
  }
}

type Piece = Uint8Array | string
type Pieces = readonly Piece[]
type Start = (onAnswer: (answer: IncomingMessage) => void) => ReturnType<typeof httpRequest>

const isPieces = (body: Piece | Pieces): body is Pieces => Array.isArray(body)

const bytesOf = (pieces: Pieces): number =>
  pieces.reduce((sum, piece) => sum + Buffer.byteLength(piece), 0)

function exchange(start: Start, pieces: Pieces = []): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    let isSent = false
    const request = start((answer) => {
      const { statusCode: status = 0, headers } = answer
      readAnswer(answer).then((body) => resolve({ status, headers, body, isSent }), reject)
    })
    request.on('error', reject)
    request.once('finish', () => {
      isSent = true
    })
    // One call of the operating system for all of them.
    request.cork()
    for (const piece of pieces) request.write(piece)
    request.end()
  })
}
