import type { IncomingMessage } from 'node:http'
import { reasonOf } from '@warren/platform/errors'
import type { Log } from '@warren/platform/log'
import type { RequestHandler, Response } from 'express'
import type { Sender } from './credentials.ts'
import { HttpError } from './http-error.ts'
import { checkLimit } from './limits/metered.ts'
import { passOverBody } from './read-body.ts'
import { senderOf, type WriteContext, type WriteRequest } from './receiving.ts'

/** Writes the body of an error in the shape that the client expects; the status is set. */
export type Answer = (response: Response, error: HttpError) => void

interface RouteOptions<Taken> {
  /** Resolves once all is taken; throws an `HttpError` else. */
  readonly take: (write: WriteRequest, sender: Sender) => Promise<Taken>
  readonly answer: Answer
  /** Writes the answer to what was taken; without it that is a 204. */
  readonly accept?: (response: Response, taken: Taken) => void
}

const acceptSilently = (response: Response): void => void response.status(204).end()

const queryOf = ({ url = '' }: IncomingMessage): URLSearchParams => {
  const mark = url.indexOf('?')
  return new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1))
}

function toHttpError(thrown: unknown, log: Log): HttpError {
  if (thrown instanceof HttpError) return thrown
  log.error('write failed', { reason: reasonOf(thrown) })
  return new HttpError(500, 'internal error', { message: 'internal error' })
}

/** Whose request it is. One above its limit, or its share of the room, is read to its end all the same: a client that is cut off while it sends would not see the answer. */
async function admit(context: WriteContext, write: WriteRequest): Promise<Sender> {
  const sender = await senderOf(context, write)
  try {
    context.claim(write.request, sender.tenant)
    if (write.request.method === 'POST') checkLimit(context.limits, sender.tenant)
  } catch (refused) {
    await passOverBody(write.request, context.settings.maxBodyBytes).catch(() => undefined)
    throw refused
  }
  return sender
}

/** Answers once the request of a known sender is taken; one of a tenant above its limit is answered 429, and nothing of it is taken. */
export const writeRoute =
  <Taken>(
    context: WriteContext & { readonly log: Log },
    { take, answer, accept = acceptSilently }: RouteOptions<Taken>,
  ): RequestHandler =>
  async (request, response) => {
    try {
      const write = { request, query: queryOf(request) }
      accept(response, await take(write, await admit(context, write)))
    } catch (thrown) {
      const error = toHttpError(thrown, context.log)
      // What was not read of a body would be taken for the next request.
      if (!request.complete) response.set('Connection', 'close')
      const { retryAfterSeconds } = error
      if (retryAfterSeconds !== undefined) response.set('Retry-After', String(retryAfterSeconds))
      answer(response.status(error.status), error)
    }
  }
