import { reasonOf } from '@warren/platform/errors'
import type { Log } from '@warren/platform/log'
import { onError } from '@warren/platform/on-error'
import type { ErrorRequestHandler } from 'express'

const isClients = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'status' in error && error.status === 400

/** Answers what failed before an input had it, as a path that cannot be decoded, and lets go of the connection: Express's own handler would hold room for a body whose sender nobody has asked who they are, and show where the code lies. */
export const refuseBroken = ({ log }: { readonly log: Log }): ErrorRequestHandler =>
  onError((error, response) => {
    response.set('Connection', 'close')
    if (isClients(error)) {
      response.status(400).json({ error: 'the path cannot be decoded', code: 'invalid' })
      return
    }
    log.error('request failed', { reason: reasonOf(error) })
    response.status(500).json({ error: 'internal error', code: 'internal error' })
  })
