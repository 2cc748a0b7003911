import type { Health } from '@warren/contracts/http/status'
import type { Log } from '@warren/platform/log'
import type { Catalog } from '@warren/stores/catalog/catalog'
import type { LogStore } from '@warren/stores/logs/log-store'
import type { MetricStore } from '@warren/stores/metrics/metric-store'
import express, { type Express, type RequestHandler, Router } from 'express'
import type { Registry } from 'prom-client'
import { createAuthenticate } from './auth/authenticate.ts'
import { createIdentities } from './auth/identities.ts'
import { createPasswordCheck } from './auth/sign-in.ts'
import { countRequests } from './http/count-requests.ts'
import { healthRoutes } from './http/health-routes.ts'
import { mountRoutes } from './http/mount-routes.ts'
import { answerProblems } from './http/problem.ts'
import { Refusal } from './http/refusal.ts'
import { traceRequest } from './http/trace.ts'
import { consoleRoutes } from './pages/console.ts'
import { strictPolicy } from './pages/content-policy.ts'
import { errorDocs } from './pages/error-docs.ts'
import { deadLettersRoute } from './routes/dead-letters.ts'
import { type CreateAmqpUser, sendersRoute } from './routes/senders.ts'
import { sessionRoutes } from './routes/sessions.ts'
import { statusRoute } from './routes/status.ts'
import { tokenRoutes } from './routes/tokens.ts'
import type { ApiSettings } from './settings.ts'

export interface AppOptions {
  readonly catalog: Catalog
  readonly metricStore: MetricStore
  readonly logStore: LogStore
  /** Every part's state, this api's own included. */
  readonly parts: () => readonly Health[]
  readonly settings: ApiSettings
  readonly version: string
  /** The collector's HTTP inputs, mounted at `/collect` behind authentication. */
  readonly collector?: RequestHandler | undefined
  readonly consoleDir: string | undefined
  readonly createAmqpUser?: CreateAmqpUser | undefined
  readonly log: Log
  readonly metrics: Registry
  /** Aborted when the api stops: no longer ready, live streams end. */
  readonly draining: AbortSignal
}

function routesOf(options: AppOptions) {
  const { catalog, settings, log } = options
  const checkPassword = createPasswordCheck({ users: catalog.users })
  const identities = createIdentities({ catalog, checkPassword, log })
  const authenticate = createAuthenticate(identities)
  const routes = [
    ...sessionRoutes({
      catalog,
      identities,
      checkPassword,
      sessionHours: settings.sessionHours,
    }),
    ...tokenRoutes(catalog),
    statusRoute(options),
    deadLettersRoute(catalog),
    sendersRoute({
      catalog,
      publicUrl: settings.publicUrl,
      basePath: settings.basePath,
      createAmqpUser: options.createAmqpUser,
    }),
  ]
  return { authenticate, routes }
}

function mainRouter(options: AppOptions): Router {
  const { settings, log } = options
  const router = Router({ caseSensitive: true })
  const { authenticate, routes } = routesOf(options)
  router.use(healthRoutes({ ...options, isDraining: () => options.draining.aborted }))
  router.use(strictPolicy())
  mountRoutes(router, routes, authenticate)
  router.use(errorDocs())
  router.use(consoleRoutes({ distDir: options.consoleDir, basePath: settings.basePath }))
  router.use((request) => {
    throw new Refusal('not_found', `there is nothing at ${request.path}`)
  })
  router.use(answerProblems({ basePath: settings.basePath, log }))
  return router
}

/** Everything under one entry point, at the root and at the base path: a proxy may strip it or not. */
export function createApp(options: AppOptions): Express {
  const { settings } = options
  const app = express()
  app.disable('x-powered-by').disable('etag').enable('case sensitive routing')
  app.set('query parser', 'simple').set('trust proxy', [...settings.trustProxy])
  app.use(traceRequest, countRequests(options.metrics))
  const router = mainRouter(options)
  if (settings.basePath !== '') app.use(settings.basePath, router)
  app.use(router)
  return app
}
