import { createInterface } from 'node:readline'
import { defaultTenant, publicDatabase, tenantSchema } from '@warren/contracts/names'
import { explainQuery } from '@warren/influxql/explain'
import { type Parameters, parseParameters } from '@warren/influxql/parameters'
import { parseTime } from '@warren/influxql/time/time-literal'
import { exitCodes } from '@warren/platform/exit-codes'
import { type Command, Option } from 'commander'
import { z } from 'zod'
import { withDeployments } from '../deployment-option.ts'
import { ExitError } from '../exit-error.ts'
import { ending, print } from '../terminal.ts'
import { type Question, type Row, toJson, toRow, toText } from './explained-query.ts'
import { addQueryInsights } from './query-insights.ts'

interface ExplainOptions {
  readonly tenant?: string
  readonly series: string
  readonly now?: string
  readonly deployment: readonly string[]
  readonly cloudify: boolean
  readonly output: 'text' | 'json'
}

interface Settings {
  readonly tenant: string
  /** Undefined: all of them. */
  readonly deployments: readonly string[] | undefined
  readonly hasSeriesNames: boolean
  /** The tenant or deployments were named: what they may not run is an error. */
  readonly isNamed: boolean
  readonly series: number
  readonly nowNs: bigint
}

const lineSchema = z.object({
  id: z.union([z.string(), z.number()]).optional(),
  q: z.string(),
  params: z.record(z.string(), z.unknown()).optional(),
})

function settingsOf({ tenant, series, now, deployment, cloudify }: ExplainOptions): Settings {
  if (!tenantSchema.safeParse(tenant ?? defaultTenant).success)
    throw new ExitError('usage', `${tenant} cannot be the name of a tenant`)
  if (!/^[1-9]\d{0,11}$/.test(series))
    throw new ExitError('usage', '--series is a whole number from 1')
  const nowNs = now === undefined ? BigInt(Date.now()) * 1_000_000n : parseTime(now, undefined)
  if (nowNs === undefined)
    throw new ExitError('usage', '--now is a time such as 2026-08-01T00:00:00Z')
  const deployments = deployment.length === 0 ? undefined : deployment
  const isNamed = tenant !== undefined || deployments !== undefined
  return {
    ...{ tenant: tenant ?? defaultTenant, deployments, isNamed },
    ...{ hasSeriesNames: cloudify, series: Number(series), nowNs },
  }
}

function explain({ id, q, params }: Question & { params?: Parameters }, settings: Settings): Row {
  const { tenant, deployments, hasSeriesNames, isNamed, series, nowNs } = settings
  const scope = { database: publicDatabase, tenant, deployments, hasSeriesNames }
  const parameters = params ?? {}
  return toRow(id, explainQuery(q, { scope, nowNs, series, parameters }), isNamed)
}

/** One question a line; a line that is none is answered as such, and the ones after it all the same. */
async function* questionsOf(input: NodeJS.ReadableStream): AsyncGenerator<Question | Row> {
  let line = 0
  for await (const text of createInterface({ input, crlfDelay: Infinity })) {
    line++
    if (text.trim() === '') continue
    yield parseLine(text) ?? {
      ...{ id: null, ok: false, statements: [] },
      error: `line ${line} is not a JSON object with the text of a query in "q"`,
    }
  }
}

function parseLine(text: string): (Question & { params?: Parameters }) | undefined {
  try {
    const line: unknown = JSON.parse(text)
    const { params: written } = parseParameters(text) ?? {}
    const { id = null, q, params } = lineSchema.parse(Object.assign({}, line, { params: written }))
    return params === undefined ? { id, q } : { id, q, params }
  } catch {
    return undefined
  }
}

async function run(query: string | undefined, options: ExplainOptions): Promise<number> {
  const settings = settingsOf(options)
  if (query === undefined && process.stdin.isTTY)
    throw new ExitError(
      'usage',
      'say a query, as in warren query explain \'SELECT mean(v) FROM cpu\', or give lines of {"q":…} on standard input',
    )
  const questions = query === undefined ? questionsOf(process.stdin) : [{ id: null, q: query }]
  let refused = 0
  for await (const question of questions) {
    const row = 'q' in question ? explain(question, settings) : question
    if (!row.ok) refused++
    print(options.output === 'json' ? toJson(row) : toText(row))
  }
  return refused === 0 ? exitCodes.ok : exitCodes.refused
}

/** `warren query explain|insights` */
export function addQuery(program: Command): void {
  const command = program.command('query').description('what the gateway makes of queries')
  const explained = command
    .command('explain [query]')
    .description(
      'how a query is read, scoped to its tenant and what it may cost; without one, those on standard input, as lines of {"id":…,"q":…}',
    )
    .option('--tenant <tenant>', 'whose query it is: what that tenant may not run is then an error')
  withDeployments(explained, 'as a token that is limited to this deployment asks it')
    .option('--cloudify', 'as a tenant with senders of Cloudify asks it', false)
    .option('--series <count>', 'that a source has, for the cost', '1')
    .option('--now <time>', 'what now() means')
    .addOption(
      new Option('-o, --output <form>', 'for people, or one JSON object a query')
        .choices(['text', 'json'])
        .default('text'),
    )
    .action(ending(run))
  addQueryInsights(command)
}
