import type { RequestListener } from 'node:http'
import type { Role } from '@warren/contracts/http/sessions'
import type { Health } from '@warren/contracts/http/status'
import type { Log } from '@warren/platform/log'
import type { Catalog } from '@warren/stores/catalog/catalog'
import type { LogStore } from '@warren/stores/logs/log-store'
import type { MetricStore } from '@warren/stores/metrics/metric-store'
import express, { type Express, type RequestHandler, Router } from 'express'
import helmet from 'helmet'
import type { Registry } from 'prom-client'
import {
  type Authenticate,
  type AuthenticateToken,
  createAuthenticate,
  createTokenAuthenticate,
} from './auth/authenticate.ts'
import { createIdentities, type Identities } from './auth/identities.ts'
import { refuseGrants } from './auth/refuse-grants.ts'
import { type CheckPassword, createPasswordCheck } from './auth/sign-in.ts'
import type { ReplayRunner } from './dead-letters/run-replays.ts'
import { type AskingStores, type AskStore, createAskStore } from './gateway/ask-store.ts'
import type { SharedExtents } from './gateway/cache/buckets/shared-extents.ts'
import { createWholeAnswers } from './gateway/cache/kept-limits.ts'
import type { LateData } from './gateway/cache/late/late-data.ts'
import type { WholeAnswers } from './gateway/cache/whole/asked-once.ts'
import { elasticsearchGateway } from './gateway/elasticsearch/routes.ts'
import { answerErrors } from './gateway/influxdb/answer-errors.ts'
import { askForTenant } from './gateway/influxdb/ask-for-tenant.ts'
import { latelyPriced } from './gateway/influxdb/cost/lately-priced.ts'
import { plainPrice } from './gateway/influxdb/cost/price.ts'
import { measureSeriesCounts, SeriesCounts } from './gateway/influxdb/cost/series-counts.ts'
import { type AnswerCall, createQueries } from './gateway/influxdb/queries.ts'
import { influxdbGateway } from './gateway/influxdb/routes.ts'
import { watchSeriesNameUsers } from './gateway/influxdb/series-name-users.ts'
import { tokenQueries } from './gateway/influxdb/token-queries.ts'
import { countQueries } from './gateway/insights/count-queries.ts'
import { createQueryInsights, type QueryInsights } from './gateway/insights/query-insights.ts'
import type { NoteQuery } from './gateway/insights/record.ts'
import { createQueryLimiter, type QueryLimiter } from './gateway/limits/charge-query.ts'
import type { Counters } from './gateway/limits/counters.ts'
import type { LiveLimits } from './gateway/limits/live-limits.ts'
import { type AnswerRoom, Room } from './gateway/memory/answer-room.ts'
import { measureRoom } from './gateway/memory/measure-room.ts'
import { watchKeptTimes } from './gateway/rollups/kept-times.ts'
import { type CountRequest, countRequests, createRequestCount } from './http/count-requests.ts'
import { healthRoutes } from './http/health-routes.ts'
import { markRoute } from './http/mark-route.ts'
import { mountRoutes } from './http/mount-routes.ts'
import { answerProblems } from './http/problem.ts'
import { Refusal } from './http/refusal.ts'
import type { Route } from './http/route.ts'
import { traceRequest } from './http/trace.ts'
import { apiDocs } from './pages/api-docs.ts'
import { consoleRoutes } from './pages/console.ts'
import { strictPolicy } from './pages/content-policy.ts'
import { errorDocs } from './pages/error-docs.ts'
import { brokerSenderRoutes, type SenderUsers } from './routes/broker-senders.ts'
import { type CloudifyBroker, cloudifySendersRoute } from './routes/cloudify-senders.ts'
import { replayRoutes } from './routes/dead-letter-replays.ts'
import { deadLetterRoutes } from './routes/dead-letters.ts'
import { limitRoutes } from './routes/limits.ts'
import { logTailRoute } from './routes/log-tail.ts'
import { metricMetadataRoute } from './routes/metric-metadata.ts'
import { queryInsightRoutes } from './routes/query-insights.ts'
import { retentionRoutes } from './routes/retention.ts'
import { type CreateAmqpUser, sendersRoute } from './routes/senders.ts'
import { sessionRoutes } from './routes/sessions.ts'
import { statusRoute } from './routes/status.ts'
import { type TapRouteOptions, tapRoutes } from './routes/taps.ts'
import { tenantRoutes } from './routes/tenants.ts'
import { tokenRoutes } from './routes/tokens.ts'
import type { ApiSettings } from './settings.ts'

export interface AppOptions {
  readonly catalog: Catalog
  readonly metricStore: MetricStore
  readonly logStore: LogStore
  readonly logStoreState: () => Health['state']
  /** Every part's state, this api's own included. */
  readonly parts: () => readonly Health[]
  readonly settings: ApiSettings
  readonly version: string
  /** The collector's HTTP inputs, mounted at `/collect` behind authentication. */
  readonly collector?: RequestHandler | undefined
  readonly consoleDir: string | undefined
  readonly createAmqpUser?: CreateAmqpUser | undefined
  readonly senderUsers?: SenderUsers | undefined
  readonly taps?: TapRouteOptions['taps']
  readonly replays?: ReplayRunner | undefined
  readonly limits: LiveLimits
  readonly counters: Counters
  readonly cloudify?: CloudifyBroker | undefined
  /** Absent: nothing tells what came late, so no part of an answer is kept for long. */
  readonly lateData?: LateData | undefined
  /** Absent: no other instance shares what is kept. */
  readonly shared?: SharedExtents | undefined
  /** The clock by which ranges are live and answers grow old, ms; the system's unless said. */
  readonly now?: (() => number) | undefined
  readonly log: Log
  readonly metrics: Registry
  /** Aborted when the api stops: no longer ready, live streams end. */
  readonly draining: AbortSignal
}

/** Who may send data through the collector's HTTP inputs. */
const senders: readonly Role[] = ['writer', 'manager', 'admin']

interface Shared extends AskingStores {
  readonly authenticate: Authenticate
  readonly authenticateToken: AuthenticateToken
  readonly countRequest: CountRequest
  readonly answerCall: AnswerCall
  readonly identities: Identities
  readonly checkPassword: CheckPassword
  readonly noteQuery: NoteQuery
  readonly insights: QueryInsights
  readonly limiter: QueryLimiter
  readonly room: AnswerRoom
  /** Absent: the cache is off. */
  readonly kept: WholeAnswers | undefined
}

/** How queries are priced, and what rollups are for: of a store that keeps them. */
function pricesOf(options: AppOptions, askStore: AskStore) {
  const { catalog, metricStore, limits, settings, now, metrics } = options
  if (metricStore.rollUp === undefined) return { price: latelyPriced(plainPrice, now) }
  const counts = new SeriesCounts(askForTenant(metricStore, askStore), now)
  const price = latelyPriced(measureSeriesCounts(counts, metrics).price, now)
  const { alerts } = settings.queries.rollups
  const maxCostOf = (tenant: string) => limits.of(tenant).maxCost
  return {
    price,
    rollups: { kept: watchKeptTimes(catalog, metricStore), maxCostOf, alerts, price },
  }
}

function createShared(options: AppOptions): Shared {
  const { catalog, settings, limits, counters, log, metrics } = options
  const checkPassword = createPasswordCheck({ users: catalog.users })
  const identities = createIdentities({ catalog, checkPassword, log })
  const isLocal = {
    metrics: options.metricStore.disk !== undefined,
    logs: options.logStore.disk !== undefined,
  }
  const { askStore, storeTurns } = createAskStore(settings.queries, isLocal, metrics)
  const count = countQueries(metrics)
  const insights = createQueryInsights(metrics, log)
  const noteQuery: NoteQuery = (record) => {
    count(record)
    insights.note(record)
  }
  const limiter = createQueryLimiter({ limits, counters, registry: metrics })
  const { deadlineMs, maxAnswerBytes, cache } = settings.queries
  const room = measureRoom(new Room(settings.queries.answersBytes), metrics)
  const kept = createWholeAnswers(cache)
  const asking = { askStore, noteQuery, limiter, deadlineMs, maxAnswerBytes, cache, kept, room }
  return {
    authenticate: createAuthenticate(identities),
    authenticateToken: createTokenAuthenticate(identities),
    countRequest: createRequestCount(metrics),
    answerCall: createQueries({
      ...{ ...options, ...asking, ...pricesOf(options, askStore) },
      seriesNameUsers: watchSeriesNameUsers(catalog, options.draining),
    }),
    ...{ identities, checkPassword, askStore, storeTurns, noteQuery, insights, limiter },
    ...{ room, kept },
  }
}

/** The REST interface: what is not in this table does not exist. */
function routesOf(options: AppOptions, shared: Shared): readonly Route[] {
  const { catalog, settings } = options
  const { sessionHours, publicUrl, basePath, collectUrl, queries } = settings
  const { createAmqpUser } = options
  return [
    ...sessionRoutes({ ...shared, catalog, sessionHours }),
    ...tokenRoutes({ ...shared, catalog }),
    ...retentionRoutes(catalog),
    ...tenantRoutes(catalog),
    ...limitRoutes(options),
    ...queryInsightRoutes({ ...shared, catalog }),
    statusRoute(options),
    ...deadLetterRoutes(options),
    ...replayRoutes(options),
    metricMetadataRoute(catalog),
    sendersRoute({ catalog, publicUrl, basePath, collectUrl, createAmqpUser }),
    ...brokerSenderRoutes(options),
    cloudifySendersRoute({ catalog, cloudify: options.cloudify }),
    ...tapRoutes({ catalog, taps: options.taps, draining: options.draining }),
    logTailRoute({ ...options, ...shared, deadlineMs: queries.deadlineMs }),
  ]
}

const influxdb = '/gateway/influxdb'

/** Clients that know a host and a port but no path, as InfluxDB's command line before 1.8, ask here. */
const influxdbAtRoot: RequestHandler = (request, _, next) => {
  if (request.path === '/query' || request.path === '/ping')
    request.url = `${influxdb}${request.url}`
  next()
}

function gateways(options: AppOptions, shared: Shared): Router {
  const { deadlineMs, maxAnswerBytes } = options.settings.queries
  const common = { ...options, ...shared, deadlineMs, maxAnswerBytes }
  const router = Router({ caseSensitive: true })
  router.use(influxdbAtRoot)
  router.use(influxdb, markRoute(influxdb), influxdbGateway(common))
  const elasticsearch = '/gateway/elasticsearch'
  router.use(elasticsearch, markRoute(elasticsearch), elasticsearchGateway(common))
  return router
}

/** The collector's inputs learn from `locals` for whom they take data. Who may not send is told so in InfluxDB's shape, as its clients show it. */
function collectorRoutes({ collector, log }: AppOptions, { authenticate }: Shared): Router {
  const router = Router({ caseSensitive: true })
  router.use('/collect', markRoute('/collect'), async (request, response, next) => {
    const principal = await authenticate(request)
    const { name, role, tenant } = principal
    if (!senders.includes(role))
      throw new Refusal('forbidden', `sending data needs the role ${senders.join(' or ')}`)
    refuseGrants(principal, 'sending')
    response.locals['tenant'] = tenant
    response.locals['sender'] = name
    next()
  })
  if (collector !== undefined) router.use('/collect', collector)
  router.use('/collect', answerErrors(log))
  return router
}

function mainRouter(options: AppOptions, shared: Shared): Router {
  const { settings, log, version } = options
  const { basePath } = settings
  const router = Router({ caseSensitive: true })
  const routes = routesOf(options, shared)
  router.use(healthRoutes({ ...options, isDraining: () => options.draining.aborted }))
  router.use(gateways(options, shared), collectorRoutes(options, shared))
  router.use(strictPolicy())
  mountRoutes(router, routes, shared.authenticate)
  router.use(apiDocs({ routes, version, basePath }), errorDocs())
  router.use(consoleRoutes({ distDir: options.consoleDir, basePath }))
  router.use((request) => {
    throw new Refusal('not_found', `there is nothing at ${request.path}`)
  })
  router.use(answerProblems({ basePath, log }))
  return router
}

function expressApp(options: AppOptions, shared: Shared): Express {
  const { settings } = options
  const app = express()
  app.disable('x-powered-by').disable('etag').enable('case sensitive routing')
  app.set('query parser', 'simple').set('trust proxy', [...settings.trustProxy])
  // Of every answer: pages have a whole policy beside it.
  app.use(traceRequest, countRequests(shared.countRequest), helmet.xContentTypeOptions())
  const router = mainRouter(options, shared)
  if (settings.basePath !== '') app.use(settings.basePath, router)
  app.use(router)
  return app
}

/** Everything under one entry point, at the root and at the base path: a proxy may strip it or not. */
export function createApp(options: AppOptions): RequestListener {
  const shared = createShared(options)
  const app = expressApp(options, shared)
  const { basePath } = options.settings
  const take = tokenQueries({ ...shared, basePath, route: influxdb, log: options.log })
  return (request, response) => {
    if (!take(request, response)) app(request, response)
  }
}
