import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { HttpError } from './http-error.ts'
import { statusFor } from './otlp/answer.ts'
import { passOverBody } from './read-body.ts'
import { maxSnappyRatio } from './wire/snappy.ts'

export interface Pending {
  /** Lets requests through to this one while what they hold fits; answers 503 else. */
  listen(inner: RequestListener): RequestListener
  /** Counts what a request holds as its tenant's, now that it is known; throws the 503 when the tenant holds all that one may, and of this one nothing. */
  claim(request: IncomingMessage, tenant: string): void
  readonly bytes: number
  /** Resolves when no request is being answered. */
  idle(): Promise<void>
}

/** Of DEFLATE: https://zlib.net/zlib_tech.html */
const maxGzipRatio = 1_032

/** How many times its size a body may unpack to. Loki's senders pack with snappy and do not say so; a path is found in any case. */
function ratioOf({ headers, url = '' }: IncomingMessage): number {
  const encoding = headers['content-encoding']
  const isPush = /\/loki\//i.test(url) && !headers['content-type']?.startsWith('application/json')
  if (encoding === 'snappy' || (encoding === undefined && isPush)) return maxSnappyRatio
  if (encoding === 'gzip' || encoding === 'x-gzip') return maxGzipRatio
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

function sayTooMuch(request: IncomingMessage, response: ServerResponse): void {
  const status = statusFor(request, { status: 503, message: tooMuch })
  response.writeHead(503, {
    'Retry-After': '1',
    'Content-Type': status?.contentType ?? 'application/json',
    Connection: 'close',
  })
  response.end(status?.body ?? `${JSON.stringify({ error: tooMuch, code: 'unavailable' })}\n`)
}

/** What tenants hold. One may have all room but that of a body, so that another's request finds some. */
function createShares({ maxBodyBytes, maxPendingBytes }: Options) {
  const most = Math.max(maxPendingBytes - maxBodyBytes, maxPendingBytes / 2)
  const bytesOf = new Map<string, number>()
  return {
    take: (tenant: string, weight: number): void => {
      const held = bytesOf.get(tenant) ?? 0
      if (held > 0 && held + weight > most) {
        const message = `too much of tenant ${tenant} is on its way, send it again`
        throw new HttpError(503, 'unavailable', { message, retryAfterSeconds: 1 })
      }
      bytesOf.set(tenant, held + weight)
    },
    give: (tenant: string, weight: number): void => {
      const left = (bytesOf.get(tenant) ?? 0) - weight
      if (left > 0) bytesOf.set(tenant, left)
      else bytesOf.delete(tenant)
    },
  }
}

/** A request that is not answered yet. */
interface Held {
  weight: number
  tenant?: string
}

/** What all requests hold that are not answered yet, and which of it is whose. */
function createRoom(options: Options) {
  const shares = createShares(options)
  const held = new Map<IncomingMessage, Held>()
  let bytes = 0
  let idle = Promise.withResolvers<void>()
  idle.resolve()
  return {
    has: (weight: number): boolean => bytes === 0 || bytes + weight <= options.maxPendingBytes,
    enter: (request: IncomingMessage, weight: number): void => {
      if (held.size === 0) idle = Promise.withResolvers()
      held.set(request, { weight })
      bytes += weight
    },
    claim: (request: IncomingMessage, tenant: string): void => {
      const one = held.get(request)
      // Its client has gone away, or it came another way.
      if (one === undefined || one.tenant !== undefined) return
      try {
        shares.take(tenant, one.weight)
        one.tenant = tenant
      } catch (error) {
        // Nothing of it will be kept, however long it takes to come.
        bytes -= one.weight
        one.weight = 0
        throw error
      }
    },
    leave: (request: IncomingMessage): void => {
      const { weight = 0, tenant } = held.get(request) ?? {}
      held.delete(request)
      bytes -= weight
      if (tenant !== undefined) shares.give(tenant, weight)
      if (held.size === 0) idle.resolve()
    },
    bytes: () => bytes,
    idle: () => idle.promise,
  }
}

export function limitPending(options: Options): Pending {
  const silence = watchSilence()
  const room = createRoom(options)

  const watch = (request: IncomingMessage, response: ServerResponse, over: () => void): void => {
    if (!request.complete) silence.add(request)
    response.once('close', () => {
      silence.remove(request)
      over()
    })
  }
  /** Reads the body to its end, and keeps nothing of it: a client that is cut off while it sends would not see the answer. */
  const refuse = (request: IncomingMessage, response: ServerResponse): void => {
    watch(request, response, () => undefined)
    passOverBody(request, options.maxBodyBytes).then(
      () => sayTooMuch(request, response),
      () => response.destroy(),
    )
  }
  return {
    listen: (inner) => (request, response) => {
      const weight = request.method === 'POST' ? weightOf(request, options.maxBodyBytes) : 0
      if (options.isClosing() || !room.has(weight)) return refuse(request, response)
      room.enter(request, weight)
      watch(request, response, () => room.leave(request))
      inner(request, response)
    },
    claim: room.claim,
    get bytes() {
      return room.bytes()
    },
    idle: room.idle,
  }
}
