import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { statusFor } from './otlp/answer.ts'
import { maxSnappyRatio } from './wire/snappy.ts'

export interface Pending {
  readonly listener: RequestListener
  readonly bytes: number
  /** Resolves when no request is being answered. */
  idle(): Promise<void>
}

/** How many times its size a body may unpack to. Loki's senders pack with snappy and do not say so. */
function ratioOf({ headers, url = '' }: IncomingMessage): number {
  const encoding = headers['content-encoding']
  const isPush = url.includes('/loki/') && !headers['content-type']?.startsWith('application/json')
  if (encoding === 'snappy' || (encoding === undefined && isPush)) return maxSnappyRatio
  return encoding === undefined ? 1 : Number.POSITIVE_INFINITY
}

/** What a request may hold in memory: its declared size and what that unpacks to, or a whole body when that cannot be known. */
function weightOf(request: IncomingMessage, maxBodyBytes: number): number {
  const declared = Number(request.headers['content-length'])
  const most = declared * ratioOf(request)
  return Number.isFinite(most) ? Math.min(most, maxBodyBytes) : maxBodyBytes
}

const tooMuch = 'too much is waiting for the broker, send it again'

/** A body of which nothing has come for so long comes no more. */
const silentMs = 15_000

interface Options {
  readonly maxBodyBytes: number
  readonly maxPendingBytes: number
  readonly isClosing: () => boolean
}

/** Ends requests whose bodies have stopped coming: a sender that lost its power holds room for them else. Ends itself when the last is over. */
function watchSilence() {
  const open = new Map<IncomingMessage, number>()
  let timer: NodeJS.Timeout | undefined
  const look = (): void => {
    for (const [request, seenBytes] of open) {
      const { bytesRead } = request.socket
      if (request.complete) open.delete(request)
      else if (bytesRead === seenBytes) request.destroy()
      else open.set(request, bytesRead)
    }
    if (open.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
  return {
    add: (request: IncomingMessage): void => {
      open.set(request, -1)
      timer ??= setInterval(look, silentMs).unref()
    },
    remove: (request: IncomingMessage): void => void open.delete(request),
  }
}

/** Lets requests through while what they hold fits; answers 503 else. */
export function limitPending(inner: RequestListener, options: Options): Pending {
  const silence = watchSilence()
  let bytes = 0
  let idle = Promise.withResolvers<void>()
  idle.resolve()
  let requests = 0

  const refuse = (request: IncomingMessage, response: ServerResponse): void => {
    const status = statusFor(request, { status: 503, message: tooMuch })
    response.writeHead(503, {
      'Retry-After': '1',
      'Content-Type': status?.contentType ?? 'application/json',
      Connection: 'close',
    })
    response.end(status?.body ?? `${JSON.stringify({ error: tooMuch, code: 'unavailable' })}\n`)
  }

  return {
    listener: (request, response) => {
      const weight = request.method === 'POST' ? weightOf(request, options.maxBodyBytes) : 0
      const fits = bytes === 0 || bytes + weight <= options.maxPendingBytes
      if (options.isClosing() || !fits) return refuse(request, response)
      if (requests === 0) idle = Promise.withResolvers()
      requests += 1
      bytes += weight
      if (!request.complete) silence.add(request)
      response.once('close', () => {
        silence.remove(request)
        requests -= 1
        bytes -= weight
        if (requests === 0) idle.resolve()
      })
      inner(request, response)
    },
    get bytes() {
      return bytes
    },
    idle: () => idle.promise,
  }
}
