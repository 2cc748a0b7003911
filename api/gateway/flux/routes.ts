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
import { streamRoom } from '@warren/platform/zlib-room'
import type { FluxAnswer, FluxQuestion } from '@warren/stores/metric-flux'
import type { MetricStore } from '@warren/stores/metrics/metric-store'
import express, { type Request, type RequestHandler, type Response, Router } from 'express'
import type { Authenticate } from '../../auth/authenticate.ts'
import { Refusal } from '../../http/refusal.ts'
import { requestIdOf, withRequestId } from '../../http/trace.ts'
import { admitReader } from '../admit-reader.ts'
import { type AskStore, signalOf } from '../ask-store.ts'
import { type Asker, askerOf } from '../asker.ts'
import { beginRecord, failedWith, type NoteQuery } from '../insights/record.ts'
import type { QueryLimiter } from '../limits/charge-query.ts'
import { setRateLimits } from '../limits/standing.ts'
import { boundedCsv } from './bounded-csv.ts'
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
}

const lineFeed = 0x0a
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
  if (isPacked) await pipeline(rows, createGzip({ level: 1, chunkSize: streamRoom }), response)
  else await pipeline(rows, response)
}

function refuse({ status, message }: Extract<FluxAnswer, { kind: 'refused' }>): never {
  throw new Refusal(status === 404 ? 'not_found' : 'bad_request', message)
}

/** Of each source of a program, in units of cost: what a source holds is not known before it is read. */
const costOfSource = 10

const costOf = (program: string): number =>
  costOfSource * Math.max(1, program.split('bucket: ').length - 1)

interface Asked {
  readonly flux: AskFlux
  readonly question: Omit<FluxQuestion, 'signal'>
  readonly asker: Asker
}

/** Counts the program against the limits of who asks, and says in the answer's headers how they stand. */
async function charge(program: string, asker: Asker, { limiter }: FluxOptions): Promise<void> {
  asker.trail.text = () => program
  asker.trail.cost = costOf(program)
  await limiter.charge(asker, 'metrics')
}

/** Asks and sends the answer, as one turn at the store: it is busy with it until the last row. */
async function answer(
  { flux, question, asker }: Asked,
  { askStore, maxAnswerBytes }: FluxOptions,
  send: (body: AsyncIterable<Uint8Array>) => Promise<void>,
): Promise<{ readonly rows: number; readonly bytes: number }> {
  const sent = { rows: 0, bytes: 0 }
  await askStore(asker, {
    store: 'metrics',
    cost: asker.trail.cost,
    ask: async (signal) => {
      const found = await flux({ ...question, signal })
      if (found.kind === 'refused') refuse(found)
      const toReason = (error: unknown): string =>
        withRequestId(reasonOf(signal.aborted ? signal.reason : error), asker.requestId)
      await send(counted(boundedCsv(found.body, maxAnswerBytes, toReason), sent))
    },
  })
  return sent
}

/** Counts lines as rows, those of annotations included. */
async function* counted(
  source: AsyncIterable<Uint8Array>,
  sent: { rows: number; bytes: number },
): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    sent.bytes += chunk.length
    for (const byte of chunk) if (byte === lineFeed) sent.rows++
    yield chunk
  }
}

function query(options: FluxOptions): RequestHandler {
  return async (request, response) => {
    const principal = await admitReader(options.authenticate, request, 'Flux')
    const flux = requireFlux(options.metricStore)
    const { text, dialect, now }: FluxRequest = parseFluxRequest(request)
    const signal = signalOf(response, options.deadlineMs)
    const requestId = requestIdOf(response)
    const asker = askerOf(request.headers, { principal, requestId, signal })
    const endRecord = beginRecord('flux', asker)
    const send = (body: AsyncIterable<Uint8Array>) => sendCsv(request, response, body)
    asker.trail.text = () => text
    try {
      const parsed = readProgram(text)
      if (listsBuckets(parsed)) {
        await send(Readable.from([Buffer.from(printBuckets(dialect))]))
        return
      }
      const { tenant } = principal
      const question = { tenant, program: scoped(parsed, tenant), dialect, now }
      await charge(question.program, asker, options).finally(() =>
        setRateLimits(response, asker.trail.standings),
      )
      options.noteQuery(endRecord(await answer({ flux, question, asker }, options, send)))
    } catch (error) {
      options.noteQuery(endRecord(failedWith(error)))
      throw error
    }
  }
}

/** https://docs.influxdata.com/influxdb/v2/api/v2/#operation/GetBuckets */
function buckets({ metricStore }: FluxOptions): RequestHandler {
  return async (request, response) => {
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
