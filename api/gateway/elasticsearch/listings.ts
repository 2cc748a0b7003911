import { toExpressions } from '@warren/searchdsl/parse/msearch'
import { decodeBody } from '@warren/searchdsl/read/decode-body'
import { recordFields } from '@warren/stores/logs/log-store'
import type { Request } from 'express'
import type { Asker } from '../asker.ts'
import { beginRecord } from '../insights/record.ts'
import type { Endpoint } from './endpoint.ts'
import { toFailure } from './failure.ts'
import { toFieldCaps, toMapping, toResolved } from './field-shapes.ts'
import type { RecordedSearchOptions } from './recorded-search.ts'
import { streamsOf } from './search-one.ts'
import { readParameters } from './url-parameters.ts'
import { wantedFields } from './wanted-fields.ts'

/** Endpoints that list names, of streams or fields, and no record. */
export type ListingName = 'fieldCaps' | 'mapping' | 'resolve'

export type ListingOptions = Omit<RecordedSearchOptions, 'answerSearch'>

interface ListingCall {
  readonly request: Request
  readonly body: Buffer
  readonly endpoint: Endpoint
  readonly asker: Asker
  readonly options: ListingOptions
}

interface Listed {
  readonly value: unknown
  /** Names. */
  readonly rows: number
}

/** What a caller with grants is told instead of streams and keys of attributes, which no store lists by deployment: what every record may have, under a name for all logs. */
const everyStream = 'warren-logs'

/** Charges a list, as one unit: what it reads grows with the tenant's streams, not with what is asked. */
async function charge({ asker, options }: ListingCall): Promise<void> {
  asker.trail.cost = 1
  await options.limiter.charge(asker, 'logs')
}

/** The streams that the path names and their fields. */
async function readFields(call: ListingCall) {
  const { endpoint, asker, options } = call
  await charge(call)
  if (asker.deployments !== undefined) return { streams: [everyStream], fields: recordFields }
  const { tenant } = asker
  const ask = async (signal: AbortSignal) => {
    const indices = toExpressions(endpoint.index ?? '')
    const streams = await streamsOf({ indices, tenant, signal }, options)
    return { streams, fields: await options.logStore.fields(tenant, streams, signal) }
  }
  return options.askStore(asker, { store: 'logs', cost: 1, ask })
}

async function fieldCaps(call: ListingCall): Promise<Listed> {
  const { request, body, asker } = call
  const parameters = readParameters(request, 'fieldCaps')
  const patterns = wantedFields(parameters.get('fields'), decodeBody(body))
  const path = asker.trail.text()
  asker.trail.text = () => `${path}?fields=${patterns.join(',')}`
  const { streams, fields } = await readFields(call)
  const value = toFieldCaps(streams, fields, patterns)
  return { value, rows: Object.keys(value.fields).length }
}

async function mapping(call: ListingCall): Promise<Listed> {
  readParameters(call.request, 'mapping')
  const { streams, fields } = await readFields(call)
  return { value: toMapping(streams, fields), rows: fields.size }
}

/** `_resolve/index`: the tenant's own streams, and nothing of what they are made of. */
async function resolve(call: ListingCall): Promise<Listed> {
  const { request, endpoint, asker, options } = call
  readParameters(request, 'resolve')
  const indices = toExpressions(endpoint.index ?? '')
  await charge(call)
  const { tenant } = asker
  const ask = (signal: AbortSignal) => streamsOf({ indices, tenant, signal }, options)
  const streams =
    asker.deployments === undefined
      ? await options.askStore(asker, { store: 'logs', cost: 1, ask })
      : [everyStream]
  return { value: toResolved(streams), rows: streams.length }
}

const listings: Readonly<Record<ListingName, (call: ListingCall) => Promise<Listed>>> = {
  fieldCaps,
  mapping,
  resolve,
}

/** As it was asked, whatever the method, decoded: what rules of the limits and insights call it. */
const pathOf: Readonly<Record<ListingName, (index: string | undefined) => string>> = {
  fieldCaps: (index) => (index === undefined ? '/_field_caps' : `/${index}/_field_caps`),
  mapping: (index) => (index === undefined ? '/_mapping' : `/${index}/_mapping`),
  resolve: (index) => `/_resolve/index/${index}`,
}

/** A list of names as its tenant may ask for it, encoded, charged and on record. Throws a `Refusal`, a `SearchError` or the store's `WarrenError`, on record as well. */
export async function recordedListing(name: ListingName, call: ListingCall): Promise<Buffer> {
  const { endpoint, asker, options } = call
  const { trail } = asker
  trail.text = () => pathOf[name](endpoint.index)
  const endRecord = beginRecord('elasticsearch', asker)
  try {
    const { value, rows } = await listings[name](call)
    const bytes = Buffer.from(JSON.stringify(value))
    options.noteQuery(endRecord({ rows, bytes: bytes.length }))
    return bytes
  } catch (error) {
    const { reason } = toFailure(error).error
    options.noteQuery(endRecord({ rows: 0, bytes: 0, reason }))
    throw error
  } finally {
    options.limiter.giveBack(asker, trail.cost - trail.askedCost)
  }
}
