import type { IncomingMessage } from 'node:http'
import { reasonOf } from '@warren/platform/errors'
import type { Log } from '@warren/platform/log'
import type { RequestHandler, Response } from 'express'
import type { Sender } from './credentials.ts'
import { HttpError } from './http-error.ts'
import { senderOf, type WriteContext, type WriteRequest } from './receiving.ts'

/** Writes the body of an error in the shape that the client expects; the status is set. */
export type Answer = (response: Response, error: HttpError) => void

interface RouteOptions {
  /** Resolves once all is taken; throws an `HttpError` else. */
  readonly take: (write: WriteRequest, sender: Sender) => Promise<void>
  readonly answer: Answer
}

const queryOf = ({ url = '' }: IncomingMessage): URLSearchParams => {
  const mark = url.indexOf('?')
  return new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1))
}

function toHttpError(thrown: unknown, log: Log): HttpError {
  if (thrown instanceof HttpError) return thrown
  log.error('write failed', { reason: reasonOf(thrown) })
  return new HttpError(500, 'internal error', { message: 'internal error' })
}

/** Answers 204 once the request of a known sender is taken. */
export const writeRoute =
  (context: WriteContext & { readonly log: Log }, { take, answer }: RouteOptions): RequestHandler =>
  async (request, response) => {
    try {
      const write = { request, query: queryOf(request) }
      await take(write, await senderOf(context, write))
      response.status(204).end()
    } catch (thrown) {
      const error = toHttpError(thrown, context.log)
      // What was not read of a body would be taken for the next request.
      if (!request.complete) response.set('Connection', 'close')
      const { retryAfterSeconds } = error
      if (retryAfterSeconds !== undefined) response.set('Retry-After', String(retryAfterSeconds))
      answer(response.status(error.status), error)
    }
  }
