import type { IncomingHttpHeaders } from 'node:http'
import { connect, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { AnswerShare } from '../answer-share.ts'
import { type Answered, Connection } from './connection.ts'
import { joined } from './read-answer.ts'

export interface HttpTarget {
  /** `http` or `https`, with any path that goes before all others. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** From the first byte sent to the last one received. */
  readonly timeoutMs: number
}

export interface HttpQuestion {
  /** Not `HEAD`: its answers say a length and have no body. */
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

type Piece = Uint8Array | string
type Pieces = readonly Piece[]

/** What may stand in a head without ending its line. */
const inLine = /^[\t\x20-\x7e]*$/
const inPath = /^[\x21-\x7e]*$/

function headOf(first: string, headers: Readonly<Record<string, string>>): string {
  let text = first
  for (const name in headers) text += `\r\n${name}: ${headers[name]}`
  return text
}

/** Throws where a name or value would end its line. */
function requireLines(lines: Readonly<Record<string, string>>): void {
  for (const name in lines)
    if (!inLine.test(name) || !inLine.test(lines[name] ?? ''))
      throw new Error(`BUG: ${name} cannot be a header`)
}

/** How to reach the server: the path before all others, and what every question begins with. */
function readTarget({ url: text, headers }: HttpTarget) {
  const url = new URL(text)
  const { host, username, password } = url
  const pair = [username, password].map(decodeURIComponent).join(':')
  const login =
    username === '' ? {} : { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }
  const always = { host, ...login, ...headers }
  requireLines(always)
  return { url, base: url.pathname.replace(/\/+$/, ''), always: headOf('', always) }
}

function connectorOf({ protocol, hostname, port }: URL): () => Socket {
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  if (protocol !== 'https:') return () => connect({ host, port: Number(port || 80) })
  const servername = isIP(host) === 0 ? host : ''
  return () => connectTls({ host, port: Number(port || 443), servername })
}

const isPieces = (body: Piece | Pieces): body is Pieces => Array.isArray(body)

/** Whether a server expects one: then it is told that there is none. */
const hasBody = (method: string, body: HttpQuestion['body']): boolean =>
  body !== undefined || method === 'POST' || method === 'PUT'

const bytesOf = (pieces: Pieces): number =>
  pieces.reduce((sum, piece) => sum + Buffer.byteLength(piece), 0)

/** Connections that wait for the next question; the last one first, so that the others end. */
const mostFree = 256

/** For a server that has no client which takes bytes: over plain sockets, since a request of Node.js's own costs more than the rest of a question (ADR 35). */
export function createHttpSender(target: HttpTarget): HttpSender {
  const { url, base, always } = readTarget(target)
  const open = connectorOf(url)
  const free: Connection[] = []
  const all = new Set<Connection>()

  function take(): Connection {
    for (let known = free.pop(); known !== undefined; known = free.pop()) {
      if (known.isOpen) return known
      known.destroy()
    }
    const socket = open()
    const connection = new Connection(socket, (own) => {
      if (free.length < mostFree) free.push(own)
      else own.destroy()
    })
    all.add(connection)
    socket.once('close', () => {
      all.delete(connection)
      const at = free.indexOf(connection)
      if (at >= 0) free.splice(at, 1)
    })
    return connection
  }

  return {
    send: async ({
      method,
      path,
      headers = {},
      body,
      signal,
      share,
      timeoutMs = target.timeoutMs,
    }) => {
      if (!inPath.test(path)) throw new Error('BUG: a path has a character that must be escaped')
      requireLines(headers)
      const pieces = body === undefined ? [] : isPieces(body) ? body : [body]
      const length = hasBody(method, body) ? `\r\ncontent-length: ${bytesOf(pieces)}` : ''
      const first = `${method} ${base}${path} HTTP/1.1${always}`
      const head = `${headOf(first, headers)}${length}\r\n\r\n`
      const sent =
        pieces.length === 1 && typeof pieces[0] === 'string'
          ? [head + pieces[0]]
          : [head, ...pieces]
      return new JoinedAnswer(await take().ask({ pieces: sent, signal, share, timeoutMs }))
    },
    close: () => {
      for (const connection of all) connection.destroy()
    },
  }
}

class JoinedAnswer implements HttpAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly pieces: readonly Buffer[]
  readonly isSent: boolean
  #body: Buffer | undefined

  constructor({ status, headers, pieces, isSent }: Answered) {
    this.status = status
    this.headers = headers
    this.pieces = pieces
    this.isSent = isSent
  }

  get body(): Buffer {
    this.#body ??= joined(this.pieces)
    return this.#body
  }
}
