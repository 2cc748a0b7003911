import { databaseOf, publicDatabase } from '@warren/contracts/names'
import { costOfFlux } from '@warren/flux/cost'
import { FluxError } from '@warren/flux/flux-error'
import { parseFlux } from '@warren/flux/parse'
import { printFlux } from '@warren/flux/print'
import { scopeFlux } from '@warren/flux/scope'
import type { Program } from '@warren/flux/tree'
import type { MetricStore } from '@warren/stores/metrics/metric-store'
import express, { type RequestHandler, type Response, Router } from 'express'
import type { Authenticate } from '../../auth/authenticate.ts'
import { Refusal } from '../../http/refusal.ts'
import { searchParamsOf } from '../../http/search-params.ts'
import { requestIdOf } from '../../http/trace.ts'
import { admitReader } from '../admit-reader.ts'
import { type AskStore, signalOf } from '../ask-store.ts'
import { type Asker, askerOf } from '../asker.ts'
import { beginRecord, failedWith, type NoteQuery } from '../insights/record.ts'
import type { QueryLimiter } from '../limits/charge-query.ts'
import { setRateLimits } from '../limits/standing.ts'
import type { AnswerRoom } from '../memory/answer-room.ts'
import { holdWhile } from '../memory/hold-while.ts'
import { sendBody } from '../send-body.ts'
import { type AskFlux, askFlux } from './ask-flux.ts'
import { listsBuckets, printBuckets } from './bucket-list.ts'
import { type FluxRequest, parseFluxRequest } from './request.ts'

export interface FluxOptions {
  readonly authenticate: Authenticate
  readonly metricStore: MetricStore
  readonly askStore: AskStore
  readonly limiter: QueryLimiter
  readonly deadlineMs: number
  readonly maxAnswerBytes: number
  readonly noteQuery: NoteQuery
  readonly room: AnswerRoom
}

const maxBodyBytes = 256 * 1024

const statuses = {
  syntax: 'bad_request',
  not_accepted: 'forbidden',
  bucket_not_found: 'not_found',
} as const

function toRefusal(error: unknown): unknown {
  return error instanceof FluxError ? new Refusal(statuses[error.code], error.message) : error
}

function requireFlux({ flux }: MetricStore): AskFlux {
  if (flux !== undefined) return flux
  throw new Refusal(
    'not_available',
    'this Warren does not keep its metrics in InfluxDB 2, which alone speaks Flux: choose InfluxQL in the data source',
  )
}

function readProgram(text: string): Program {
  try {
    return parseFlux(text)
  } catch (error) {
    throw toRefusal(error)
  }
}

function scoped(program: Program, tenant: string): Program {
  try {
    return scopeFlux(program, { bucket: publicDatabase, physical: databaseOf(tenant) })
  } catch (error) {
    throw toRefusal(error)
  }
}

/** Who has gone, or reads too slowly, has its answer cut: there is no place for a reason in it. */
async function sendCsv(
  response: Response,
  pieces: readonly Buffer[],
  deadlineMs: number,
): Promise<void> {
  response.status(200).type('text/csv')
  const parts = pieces.map((bytes) => ({ bytes, isShared: false }))
  try {
    await sendBody(response, parts, deadlineMs)
  } catch (error) {
    if (!response.destroyed) throw error
  }
}

/** Counts the program against the limits of who asks, and says in the answer's headers how they stand. */
async function charge(asker: Asker, { limiter }: FluxOptions, response: Response): Promise<void> {
  try {
    await limiter.charge(asker, 'metrics')
  } finally {
    setRateLimits(response, asker.trail.standings)
  }
}

function query(options: FluxOptions): RequestHandler {
  return async (request, response) => {
    const principal = await admitReader(options.authenticate, request, 'Flux')
    const flux = requireFlux(options.metricStore)
    const { text, dialect, now }: FluxRequest = parseFluxRequest(request)
    const signal = signalOf(response, options.deadlineMs)
    const share = options.room.open({ signal })
    const requestId = requestIdOf(response)
    const asker = askerOf(request.headers, { principal, requestId, signal, share })
    const endRecord = beginRecord('flux', asker)
    asker.trail.text = () => text
    try {
      const parsed = readProgram(text)
      if (listsBuckets(parsed)) {
        await sendCsv(response, [Buffer.from(printBuckets(dialect))], options.deadlineMs)
        return
      }
      const { tenant } = principal
      const own = scoped(parsed, tenant)
      const program = printFlux(own)
      asker.trail.text = () => program
      asker.trail.cost = costOfFlux(own, {
        nowMs: now === undefined ? Date.now() : Date.parse(now),
      })
      await charge(asker, options, response)
      const question = { tenant, program, dialect, now }
      const { pieces, bytes, rows } = await askFlux(question, asker, { ...options, flux })
      share.settle(bytes)
      holdWhile(response, share)
      await sendCsv(response, pieces, options.deadlineMs)
      options.noteQuery(endRecord({ rows, bytes }))
    } catch (thrown) {
      share.release()
      const error = share.explain(thrown)
      options.noteQuery(endRecord(failedWith(error)))
      throw error
    } finally {
      // Of one that never had its turn.
      options.limiter.giveBack(asker, asker.trail.cost - asker.trail.askedCost)
    }
  }
}

/** https://docs.influxdata.com/influxdb/v2/api/v2/#operation/GetBuckets */
function buckets({ metricStore }: FluxOptions): RequestHandler {
  return async (request, response) => {
    requireFlux(metricStore)
    const searchParams = searchParamsOf(request)
    const name = searchParams.get('name') ?? publicDatabase
    const own = { id: '', orgID: '', type: 'user', name: publicDatabase, retentionRules: [] }
    response.json({ links: {}, buckets: name === publicDatabase ? [own] : [] })
  }
}

/** What of InfluxDB 2's HTTP interface Grafana's Flux mode uses, reading only. */
export function fluxRoutes(options: FluxOptions): Router {
  const router = Router({ caseSensitive: true, strict: true })
  const admit: RequestHandler = async (request, _, next) => {
    await admitReader(options.authenticate, request, 'Flux')
    next()
  }
  const readJson = express.text({ type: 'application/json', limit: maxBodyBytes })
  router.post('/query', admit, readJson, query(options))
  router.get('/buckets', admit, buckets(options))
  router.all(['/query', '/buckets'], (request, response) => {
    response.set('Allow', request.path === '/query' ? 'POST' : 'GET, HEAD')
    throw new Refusal('method_not_allowed', 'the gateway reads only')
  })
  return router
}
