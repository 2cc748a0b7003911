import type { Health } from '@warren/contracts/http/status'
import { Router } from 'express'

export interface HealthRouteOptions {
  readonly version: string
  readonly isDraining: () => boolean
  readonly parts: () => readonly Health[]
}

/** `/healthz`, `/readyz[?verbose]`, `/version`: without a credential, so `verbose` shows states without reasons (the admin port has those).
 *  A red part does not make the api unready: taking it out of service would hide the very page that says what is red. */
export function healthRoutes({ version, isDraining, parts }: HealthRouteOptions): Router {
  const router = Router({ caseSensitive: true })
  router.get('/healthz', (_, response) => void response.type('text').send('ok\n'))
  router.get('/version', (_, response) => void response.json({ version }))
  router.get('/readyz', (request, response) => {
    const draining = isDraining()
    response.status(draining ? 503 : 200).set('Cache-Control', 'no-store')
    if (request.query['verbose'] === undefined)
      response.type('text').send(draining ? 'draining\n' : 'ok\n')
    else response.json({ draining, parts: parts().map(({ part, state }) => ({ part, state })) })
  })
  return router
}
