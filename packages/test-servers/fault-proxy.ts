import { once } from 'node:events'
import {
  createServer,
  request as forward,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

/** What one request meets instead of the server, or after it. */
export type Fault =
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: string
    }
  /** The head and so much of the body of an answer that is longer, and then nothing more, or the end of the connection. */
  | {
      readonly kind: 'part'
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body: string
      readonly ending: 'stall' | 'cut'
    }
  /** Never answered. */
  | { readonly kind: 'hang' }
  /** The connection is cut before the server sees anything. */
  | { readonly kind: 'cut' }
  /** The server does its work, and the connection is cut before its answer arrives. */
  | { readonly kind: 'lose answer' }
  /** The server sees it that much later. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** The answer is made from what the server says to a request of one's own making, or to none. */
  | { readonly kind: 'act'; readonly act: Act }

interface ServerAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: Buffer | string
}

export type Act = (
  request: ProxiedRequest,
  /** Sends the request with this body. */
  forward: (body: Buffer) => Promise<ServerAnswer>,
) => Promise<ServerAnswer>

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
  /** From now on every request meets this, but for those that `inject` has met; `undefined` ends it. */
  always(fault: Fault | undefined): void
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
  let standing: Fault | undefined
  const requests: ProxiedRequest[] = []
  const server = createServer((request, response) => {
    const { method = 'GET', url = '/', headers } = request
    const receive = async () => {
      const body = await readAll(request)
      requests.push({ method, url, headers, body })
      const onward = { method, url: await route(url), headers, body }
      await meet({ target, fault: faults.shift() ?? standing, request: onward }, response)
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
    always: (fault) => {
      standing = fault
    },
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

async function meet(meeting: Meeting, response: ServerResponse): Promise<void> {
  const { fault } = meeting
  switch (fault?.kind) {
    case 'hang':
      return
    case 'cut':
      response.destroy()
      return
    case 'answer':
      response.writeHead(fault.status, fault.headers).end(fault.body)
      return
    case 'part':
      await sendPart(fault, response)
      return
    case 'act': {
      const { target, request } = meeting
      const answer = await fault.act(request, (body) => ask(target, { ...request, body }))
      response.writeHead(answer.status, answer.headers).end(answer.body)
      return
    }
    case 'slow':
      await sleep(fault.ms)
      break
    case 'lose answer':
    case undefined:
  }
  pass(meeting, response)
}

async function sendPart(
  { status, headers, body, ending }: Extract<Fault, { kind: 'part' }>,
  response: ServerResponse,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  response.writeHead(status, headers).write(body, () => resolve())
  await promise
  if (ending === 'cut') response.destroy()
}

const toRequest = ({ method, headers }: ProxiedRequest) => ({
  method,
  // A connection of its own: the server closes a kept one while the next request is on its way.
  agent: false,
  headers: { ...headers, connection: 'close' },
})

async function ask(target: string, request: ProxiedRequest): Promise<ServerAnswer> {
  const headers = { ...request.headers, 'content-length': String(request.body.length) }
  const onward = forward(new URL(request.url, target), toRequest({ ...request, headers }))
  const answered = once(onward, 'response')
  onward.end(request.body)
  const [answer] = (await answered) as [IncomingMessage]
  const { 'content-type': type, 'content-encoding': encoding } = answer.headers
  return {
    status: answer.statusCode ?? 502,
    headers: {
      ...(type === undefined ? {} : { 'content-type': type }),
      ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
    },
    body: await readAll(answer),
  }
}

function pass({ target, fault, request }: Meeting, response: ServerResponse): void {
  const onward = forward(new URL(request.url, target), toRequest(request))
  onward.on('error', () => response.destroy())
  onward.on('response', (answer) => {
    if (fault?.kind === 'lose answer') {
      answer.resume().on('end', () => response.destroy())
      return
    }
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(response)
  })
  onward.end(request.body)
}
