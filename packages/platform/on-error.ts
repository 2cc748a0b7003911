import type { ErrorRequestHandler, NextFunction, Response } from 'express'

/** An Express error handler; once the answer has begun, Express itself cuts the connection. */
export function onError(answer: (error: unknown, response: Response) => void): ErrorRequestHandler {
  // biome-ignore lint/complexity/useMaxParams: Express knows error handlers by their four parameters.
  return (error: unknown, _request, response: Response, next: NextFunction) => {
    if (response.headersSent) next(error)
    else answer(error, response)
  }
}
