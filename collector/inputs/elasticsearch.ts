import { type Express, type RequestHandler, Router } from 'express'
import { toBulk, toBulkAnswer } from '../elasticsearch/bulk.ts'
import { facts, things, unusedWarning } from '../elasticsearch/handshake.ts'
import { answerError, respond } from '../elasticsearch/respond.ts'
import { HttpError } from '../http-error.ts'
import { passOverBody, readBody } from '../read-body.ts'
import { publishRecords } from '../receiving.ts'
import { writeRoute } from '../write-route.ts'
import type { Input, InputContext } from './input.ts'

/** `_bulk`, whose index may stand in the path. */
function bulkRoute(context: InputContext): RequestHandler<{ index?: string }> {
  const { maxBodyBytes, messageBytes } = context.settings
  return (request, response, next) =>
    writeRoute(context, {
      answer: answerError,
      take: async (write, sender) => {
        const startedMs = Date.now()
        const at = new Date(startedMs).toISOString()
        const body = await readBody(write.request, maxBodyBytes)
        const { index } = request.params
        const bulk = toBulk(body, { index, messageBytes, at, sender })
        await publishRecords(context, sender, bulk.bodies)
        return toBulkAnswer(bulk, Date.now() - startedMs)
      },
      accept: respond,
    })(request, response, next)
}

/** What shippers ask or make before they send. A body is passed over. */
function handshake(context: InputContext) {
  const { maxBodyBytes } = context.settings
  const routeTo =
    (reply: (name: string) => unknown): RequestHandler<{ name?: string }> =>
    (request, response, next) =>
      writeRoute(context, {
        answer: answerError,
        take: (write) => passOverBody(write.request, maxBodyBytes),
        accept: (given) => respond(given, reply(request.params.name ?? '')),
      })(request, response, next)
  const acknowledge: RequestHandler = (request, response, next) => {
    response.set('Warning', unusedWarning)
    routeTo(() => ({ acknowledged: true }))(request, response, next)
  }
  return { routeTo, acknowledge }
}

/** Paths that only Elasticsearch has. */
function ownPaths(context: InputContext): Router {
  const router = Router({ caseSensitive: true })
  const { routeTo, acknowledge } = handshake(context)
  for (const [path, body] of Object.entries(facts))
    router.get(
      path,
      routeTo(() => body),
    )
  for (const [path, toBody] of Object.entries(things)) {
    router.get(path, routeTo(toBody))
    router.route(path).put(acknowledge).post(acknowledge)
  }
  router.post('/_aliases', acknowledge)
  const bulk = bulkRoute(context)
  router.post('/_bulk', bulk)
  router.post('/:index/_bulk', bulk)
  return router
}

/** Below the prefix also the paths that begin with an index, and an answer to all others. */
function prefixedPaths(context: InputContext): Router {
  const router = ownPaths(context)
  const { routeTo, acknowledge } = handshake(context)
  router.get(
    '/:name',
    routeTo((name) => ({ [name]: { aliases: {}, mappings: {}, settings: {} } })),
  )
  router.put('/:name', acknowledge)
  router.put('/:index/_alias/:name', acknowledge)
  router.use(
    writeRoute(context, {
      answer: answerError,
      take: async ({ request }) => {
        const message = `no handler found for uri [${request.url}] and method [${request.method}]`
        throw new HttpError(400, 'invalid', { message })
      },
    }),
  )
  return router
}

/** What senders of Elasticsearch need of one: below `/elasticsearch` all of it, at the root the paths that nobody else has. */
export const elasticsearch: Input = {
  type: 'elasticsearch',
  mount: (app: Express, context) => {
    app.use('/elasticsearch', prefixedPaths(context))
    app.use(ownPaths(context))
  },
}
