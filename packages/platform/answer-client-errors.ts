import { maxHeaderSize, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/** How long the rest of a refused request is read and dropped: a connection that is cut while the client still sends loses the answer on its way. */
const lingerMs = 2000

interface Answer {
  readonly status: string
  /** As `code` of other refusals. */
  readonly code: string
  readonly text: string
}

/** By the code of Node.js's error. */
const known: Readonly<Record<string, (headerBytes: number) => Answer>> = {
  HPE_HEADER_OVERFLOW: (headerBytes) => ({
    ...{ status: '431 Request Header Fields Too Large', code: 'too_large' },
    text: `the address and the headers of the request are longer than ${headerBytes} bytes; send the query in the body of a POST, or ask for fewer values`,
  }),
  HPE_CHUNK_EXTENSIONS_OVERFLOW: () => ({
    ...{ status: '413 Content Too Large', code: 'too_large' },
    text: 'the extensions of a chunk are too long',
  }),
  ERR_HTTP_REQUEST_TIMEOUT: () => ({
    ...{ status: '408 Request Timeout', code: 'bad_request' },
    text: 'the request did not come whole in time',
  }),
}

function answerOf({ code = '', message }: NodeJS.ErrnoException, headerBytes: number): Answer {
  const answer = known[code]?.(headerBytes)
  const text = `the request cannot be read as HTTP: ${message}`
  return answer ?? { status: '400 Bad Request', code: 'bad_request', text }
}

/** `error` is what InfluxDB 1's clients show, `code` and `message` those of InfluxDB 2; a client of Elasticsearch shows the status alone. */
function print({ status, code, text }: Answer): string {
  const body = JSON.stringify({ error: text, code, message: text })
  return [
    `HTTP/1.1 ${status}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n')
}

/** Answers what the parser of HTTP refuses, of which no handler hears, with the reason as JSON and closes: Node.js itself sends an empty body, and its client a reason of its own. `headerBytes` is the server's `maxHeaderSize`. */
export function answerClientErrors(server: Server, headerBytes: number = maxHeaderSize): void {
  const latest = new WeakMap<Duplex, ServerResponse>()
  server.on('request', ({ socket }, response) => {
    latest.set(socket, response)
    // A connection waits for its next request with no more than it needs: a response knows the body that it sent.
    response.once('close', () => {
      if (latest.get(socket) === response) latest.delete(socket)
    })
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    // What comes after the refusal is an error each time.
    if (socket.writableEnded && !socket.destroyed && !socket.readableEnded) return
    const response = latest.get(socket)
    const isBegun = response?.headersSent === true && !response.writableFinished
    if (error.code === 'ECONNRESET' || !socket.writable || isBegun) {
      socket.destroy()
      return
    }
    socket.end(print(answerOf(error, headerBytes)))
    const timer = setTimeout(() => socket.destroy(), lingerMs)
    socket.once('end', () => socket.destroy()).once('close', () => clearTimeout(timer))
  })
}
