import { Router } from 'express'
import { errorCodes } from '../http/error-codes.ts'

/** `/docs/errors/<code>`: where a problem's `type` points. */
export function errorDocs(): Router {
  const router = Router({ caseSensitive: true })
  router.get('/docs/errors/:code', (request, response, next) => {
    const found = Object.entries(errorCodes).find(([code]) => code === request.params.code)
    if (found === undefined) return next()
    const [code, { status, title, advice }] = found
    response
      .type('html')
      .send(
        `<!doctype html><html lang="en"><title>${title}</title><h1>${title}</h1><p><code>${code}</code>, HTTP ${status}</p><p>${advice}</p></html>`,
      )
  })
  return router
}
