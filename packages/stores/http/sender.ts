import {
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingHttpHeaders,
} from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { urlToHttpOptions } from 'node:url'
import type { AnswerShare } from '../answer-share.ts'
import { joined, readPieces } from './read-answer.ts'

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
  /** What the answer takes of the memory for answers. */
  readonly share?: AnswerShare | undefined
}

export interface HttpAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** As it came; `body` is the same in one piece, put together when it is asked for. */
  readonly pieces: readonly Buffer[]
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
  const start = isTls ? httpsRequest : httpRequest
  // Read once: it takes as long as the rest of a request.
  const url = new URL(target.url)
  const server = urlToHttpOptions(url)
  const base = url.pathname.replace(/\/+$/, '')
  return {
    send: ({ method, path, headers, body, signal, share, timeoutMs = target.timeoutMs }) => {
      const pieces = body === undefined || isPieces(body) ? body : [body]
      const request = start({
        ...server,
        ...{ method, agent, path: `${base}${path}` },
        headers: {
          ...target.headers,
          ...headers,
          ...(pieces === undefined ? {} : { 'content-length': String(bytesOf(pieces)) }),
        },
      })
      return exchange(request, { pieces, signal, share, timeoutMs })
    },
    close: () => agent.destroy(),
  }
}

type Piece = Uint8Array | string
type Pieces = readonly Piece[]

const isPieces = (body: Piece | Pieces): body is Pieces => Array.isArray(body)

const bytesOf = (pieces: Pieces): number =>
  pieces.reduce((sum, piece) => sum + Buffer.byteLength(piece), 0)

interface Sending {
  readonly pieces: Pieces | undefined
  readonly signal: AbortSignal | undefined
  readonly share: AnswerShare | undefined
  readonly timeoutMs: number
}

const aborted = (): DOMException => new DOMException('This operation was aborted', 'AbortError')

/** Ends the request at the deadline or with the signal; what it returns lets it be. A signal of Node.js's own for both costs more than the request. */
function bound(request: ClientRequest, { signal, timeoutMs }: Sending): () => void {
  const stop = (): void => void request.destroy(aborted())
  const timer = setTimeout(stop, timeoutMs)
  if (signal?.aborted === true) stop()
  else signal?.addEventListener('abort', stop, { once: true })
  return () => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', stop)
  }
}

function toAnswer(answer: Omit<HttpAnswer, 'body'>): HttpAnswer {
  let body: Buffer | undefined
  return {
    ...answer,
    get body() {
      body ??= joined(answer.pieces)
      return body
    },
  }
}

function exchange(request: ClientRequest, sending: Sending): Promise<HttpAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer>()
  let isSent = false
  const release = bound(request, sending)
  request.on('response', (answer) => {
    const { statusCode: status = 0, headers } = answer
    readPieces(answer, sending.share).then(
      (pieces) => resolve(toAnswer({ status, headers, pieces, isSent })),
      reject,
    )
  })
  request.on('error', reject)
  request.once('close', release)
  request.once('finish', () => {
    isSent = true
  })
  // One call of the operating system for all of them.
  request.cork()
  for (const piece of sending.pieces ?? []) request.write(piece)
  request.end()
  return promise
}
