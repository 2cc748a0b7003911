import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { databaseOf, publicDatabase } from '@warren/contracts/names'
import { FluxError } from '@warren/flux/flux-error'
import { parseFlux } from '@warren/flux/parse'
import { printFlux } from '@warren/flux/print'
import { scopeFlux } from '@warren/flux/scope'
import type { Program } from '@warren/flux/tree'
import { reasonOf } from '@warren/platform/errors'
import type { FluxAnswer } from '@warren/stores/metrics/metric-flux'
import type { MetricStore } from '@warren/stores/metrics/metric-store'
import express, { type Request, type RequestHandler, type Response, Router } from 'express'
import type { Authenticate } from '../../auth/authenticate.ts'
import { Refusal } from '../../http/refusal.ts'
import { admitReader } from '../admit-reader.ts'
import { type AskStore, signalOf } from '../ask-store.ts'
import { askerOf } from '../asker.ts'
import { boundedCsv } from './bounded-csv.ts'
import { listsBuckets, printBuckets } from './bucket-list.ts'
import { type FluxRequest, parseFluxRequest } from './request.ts'

export interface FluxOptions {
  readonly authenticate: Authenticate
  readonly metricStore: MetricStore
  readonly askStore: AskStore
  readonly deadlineMs: number
  readonly maxAnswerBytes: number
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

type AskFlux = NonNullable<MetricStore['flux']>

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

function scoped(program: Program, tenant: string): string {
  try {
    const scope = { bucket: publicDatabase, physical: databaseOf(tenant) }
    return printFlux(scopeFlux(program, scope))
  } catch (error) {
    throw toRefusal(error)
  }
}

async function sendCsv(
  request: Request,
  response: Response,
  body: AsyncIterable<Uint8Array>,
): Promise<void> {
  response.status(200).type('text/csv').set('Cache-Control', 'no-store').vary('Accept-Encoding')
  const isPacked = request.acceptsEncodings('gzip', 'identity') === 'gzip'
  if (isPacked) response.set('Content-Encoding', 'gzip')
  const rows = Readable.from(body)
  if (isPacked) await pipeline(rows, createGzip({ level: 1 }), response)
  else await pipeline(rows, response)
}

function refuse(answer: Extract<FluxAnswer, { kind: 'refused' }>): never {
  throw new Refusal(answer.status === 404 ? 'not_found' : 'bad_request', answer.message)
}

function query(options: FluxOptions): RequestHandler {
  return async (request, response) => {
    const principal = await admitReader(options.authenticate, request)
    const flux = requireFlux(options.metricStore)
    const { text, dialect, now }: FluxRequest = parseFluxRequest(request)
    const parsed = readProgram(text)
    if (listsBuckets(parsed)) {
      await sendCsv(request, response, Readable.from([Buffer.from(printBuckets(dialect))]))
      return
    }
    const { tenant } = principal
    const program = scoped(parsed, tenant)
    const signal = signalOf(response, options.deadlineMs)
    const asker = askerOf(request, response, { principal, signal })
    await options.askStore(asker, {
      store: 'metrics',
      // The answer is part of the question's turn: it is the store that is busy with it.
      ask: async (within) => {
        const answer = await flux({ tenant, program, dialect, now, signal: within })
        if (answer.kind === 'refused') refuse(answer)
        const toReason = (error: unknown): string =>
          reasonOf(within.aborted ? within.reason : error)
        const rows = boundedCsv(answer.body, options.maxAnswerBytes, toReason)
        await sendCsv(request, response, rows)
      },
    })
  }
}

/** https://docs.influxdata.com/influxdb/v2/api/v2/#operation/GetBuckets */
function buckets({ authenticate, metricStore }: FluxOptions): RequestHandler {
  return async (request, response) => {
    await admitReader(authenticate, request)
    requireFlux(metricStore)
    const { searchParams } = new URL(request.originalUrl, 'http://local')
    const name = searchParams.get('name') ?? publicDatabase
    const own = { id: '', orgID: '', type: 'user', name: publicDatabase, retentionRules: [] }
    response.json({ links: {}, buckets: name === publicDatabase ? [own] : [] })
  }
}

/** What of InfluxDB 2's HTTP interface Grafana's Flux mode uses, reading only. */
export function fluxRoutes(options: FluxOptions): Router {
  const router = Router({ caseSensitive: true, strict: true })
  const admit: RequestHandler = async (request, _, next) => {
    await admitReader(options.authenticate, request)
    next()
  }
  const readJson = express.text({ type: 'application/json', limit: maxBodyBytes })
  router.post('/query', admit, readJson, query(options))
  router.get('/buckets', buckets(options))
  router.all(['/query', '/buckets'], (request, response) => {
    response.set('Allow', request.path === '/query' ? 'POST' : 'GET, HEAD')
    throw new Refusal('method_not_allowed', 'the gateway reads only')
  })
  return router
}
