import type { ErrorRequestHandler, Request, RequestHandler } from 'express'
import { toRefusal } from '../../http/problem.ts'
import type { Refusal } from '../../http/refusal.ts'
import { LineCount } from '../count-lines.ts'

/** What is known of a body that was too long to be kept. */
export interface LongBody {
  readonly refusal: Refusal
  /** As it came first. */
  readonly start: Uint8Array
  readonly lines: number
}

interface Passing {
  start: Uint8Array
  readonly count: LineCount
}

const passing = new WeakMap<Request, Passing>()
const longBodies = new WeakMap<Request, LongBody>()

/** Undefined: the body was kept, or there was none. */
export const longBodyOf = (request: Request): LongBody | undefined => longBodies.get(request)

const isPlain = ({ headers }: Request): boolean =>
  (headers['content-encoding'] ?? 'identity').toLowerCase() === 'identity'

/** Stands before what reads bodies of at most so many bytes: counts the lines of one that may be longer. What is packed is not unpacked for it. */
export function watchLongBodies(maxBytes: number): RequestHandler {
  return (request, _, next) => {
    const length = Number(request.headers['content-length'] ?? Number.POSITIVE_INFINITY)
    if (length > maxBytes && isPlain(request)) {
      const body: Passing = { start: new Uint8Array(), count: new LineCount() }
      passing.set(request, body)
      request.on('data', (bytes: Buffer) => {
        if (body.start.length === 0) body.start = bytes
        body.count.add(bytes)
      })
    }
    next()
  }
}

const isTooLarge = (error: unknown): boolean =>
  error instanceof Error && 'type' in error && error.type === 'entity.too.large'

/** Stands behind what reads bodies, which has read a longer one to its end by now: notes what is known of it and lets its path answer. */
// biome-ignore lint/complexity/useMaxParams: Express knows error handlers by their four parameters.
export const takeLongBody: ErrorRequestHandler = (error, request, _, next) => {
  const body = passing.get(request)
  if (body === undefined || !isTooLarge(error)) {
    next(error)
    return
  }
  const { start, count } = body
  longBodies.set(request, { refusal: toRefusal(error), start, lines: count.lines })
  next()
}
