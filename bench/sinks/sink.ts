import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'

export interface SinkAnswer {
  readonly status: number
  readonly json?: unknown
}

/** Answers one request whose body has been read. */
export type AnswerRequest = (request: {
  readonly method: string
  readonly url: URL
  readonly body: Buffer
}) => SinkAnswer

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  const body = Buffer.concat(parts)
  return request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  answer: AnswerRequest,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://sink')
  const { status, json } = answer({
    method: request.method ?? 'GET',
    url,
    body: await bodyOf(request),
  })
  const text = json === undefined ? '' : JSON.stringify(json)
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    // Elasticsearch's own clients refuse a server that does not say it.
    'x-elastic-product': 'Elasticsearch',
  })
  response.end(text)
}

/** A store-shaped server as the main thing of a process: it reads every body to its end before it answers, and says its port, the first argument or a free one, on stdout. */
export function runSink(answer: AnswerRequest): void {
  const server = createServer((request, response) => {
    serve(request, response, answer).catch((error: unknown) => {
      process.stderr.write(`${String(error)}\n`)
      response.destroy()
    })
  })
  server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () => {
    process.stdout.write(`${(server.address() as AddressInfo).port}\n`)
  })
  process.once('SIGTERM', () => process.exit(0))
}
