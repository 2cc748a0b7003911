import type { FluxDialect } from '@warren/stores/metric-flux'
import type { Request } from 'express'
import { z } from 'zod'
import { Refusal } from '../../http/refusal.ts'
import { searchParamsOf } from '../../http/search-params.ts'

export interface FluxRequest {
  readonly text: string
  readonly dialect: FluxDialect
  readonly now: string | undefined
}

const dialectSchema = z.strictObject({
  header: z.boolean().nullish(),
  delimiter: z
    .string()
    .regex(/^[^\r\n"]$/, 'one character')
    .nullish(),
  annotations: z
    .array(z.enum(['datatype', 'group', 'default']))
    .max(3)
    .nullish(),
  quoteChar: z.literal('"').nullish(),
  commentPrefix: z.enum(['#', '']).nullish(),
  dateTimeFormat: z.enum(['RFC3339', 'RFC3339Nano']).nullish(),
})

/** https://docs.influxdata.com/influxdb/v2/api/v2/#operation/PostQuery; what stands beside the query in another language, or as a tree that nobody would parse, is refused. */
const bodySchema = z.strictObject({
  query: z.string().min(1),
  type: z.literal('flux').nullish(),
  dialect: dialectSchema.nullish(),
  now: z.iso.datetime({ offset: true }).nullish(),
  ast: z.null().optional(),
  extern: z.null().optional(),
  params: z.strictObject({}).nullish(),
})

const refusals: Readonly<Record<string, string>> = {
  ast: 'a program as a tree ("ast") is not accepted: send its text in "query"',
  extern: 'a tree before the program ("extern") is not accepted: write it into "query"',
  params: 'parameters ("params") are not accepted: write their values into "query"',
  type: 'only programs of type "flux" are accepted; InfluxQL goes to /query',
}

function parseJson(body: unknown): unknown {
  if (typeof body !== 'string')
    throw new Refusal(
      'forbidden',
      'send the program as application/json: {"query":"…","type":"flux"}',
    )
  try {
    return JSON.parse(body)
  } catch (error) {
    throw new Refusal('bad_request', 'the body is not JSON', { cause: error })
  }
}

/** The organisation of the client's settings means nothing here, and is the only parameter there is. */
function requireParameters(request: Request): void {
  const searchParams = searchParamsOf(request)
  for (const name of searchParams.keys())
    if (name !== 'org' && name !== 'orgID')
      throw new Refusal('bad_request', `unknown parameter "${name}"`)
}

export function parseFluxRequest(request: Request): FluxRequest {
  requireParameters(request)
  const parsed = bodySchema.safeParse(parseJson(request.body))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const name = String(issue?.path[0] ?? '')
    const refusal = refusals[name]
    if (refusal !== undefined) throw new Refusal('forbidden', refusal)
    throw new Refusal('bad_request', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`)
  }
  const { query, dialect, now } = parsed.data
  return {
    text: query,
    dialect: {
      header: dialect?.header ?? true,
      delimiter: dialect?.delimiter ?? ',',
      annotations: dialect?.annotations ?? [],
      dateTimeFormat: dialect?.dateTimeFormat ?? 'RFC3339',
    },
    now: now ?? undefined,
  }
}
