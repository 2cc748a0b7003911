import { once } from 'node:events'
import {
  createServer,
  request as forward,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'

/** What one request meets instead of the server, or after it. */
export type Fault =
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: string
    }
  /** Never answered. */
  | { readonly kind: 'hang' }
  /** The connection is cut before the server sees anything. */
  | { readonly kind: 'cut' }
  /** The server does its work, and the connection is cut before its answer arrives. */
  | { readonly kind: 'lose answer' }

export interface ProxiedRequest {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

/** An HTTP proxy in front of one real server that breaks what it is told to. */
export interface FaultProxy {
  readonly url: string
  /** Every request so far. */
  readonly requests: readonly ProxiedRequest[]
  /** The next requests meet these, one each; all others are forwarded. */
  inject(...faults: readonly Fault[]): void
  close(): Promise<void>
}

export interface FaultProxyOptions {
  /** The path and query that the server gets for the client's; the same unless said otherwise. */
  readonly route?: (url: string) => Promise<string>
}

export async function startFaultProxy(
  target: string,
  { route = async (url) => url }: FaultProxyOptions = {},
): Promise<FaultProxy> {
  const faults: Fault[] = []
  const requests: ProxiedRequest[] = []
  const server = createServer((request, response) => {
    const { method = 'GET', url = '/', headers } = request
    const receive = async () => {
      const body = await readAll(request)
      requests.push({ method, url, headers, body })
      const onward = { method, url: await route(url), headers, body }
      meet({ target, fault: faults.shift(), request: onward }, response)
    }
    receive().catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('BUG: a TCP port expected')
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    inject: (...more) => void faults.push(...more),
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

interface Meeting {
  readonly target: string
  readonly fault: Fault | undefined
  readonly request: ProxiedRequest
}

function meet({ target, fault, request }: Meeting, response: ServerResponse): void {
  if (fault?.kind === 'hang') return
  if (fault?.kind === 'cut') {
    response.destroy()
    return
  }
  if (fault?.kind === 'answer') {
    response.writeHead(fault.status, fault.headers).end(fault.body)
    return
  }
  const { method, url, headers, body } = request
  const onward = forward(new URL(url, target), {
    method,
    headers: { ...headers, connection: 'close' },
  })
  onward.on('error', () => response.destroy())
  onward.on('response', (answer) => {
    if (fault?.kind === 'lose answer') {
      answer.resume().on('end', () => response.destroy())
      return
    }
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(response)
  })
  onward.end(body)
}
