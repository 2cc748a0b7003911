import {
  type FiguresBody,
  type Insight,
  type Insights,
  insightGroups,
  insightOrders,
  insightsSchema,
  insightWindows,
  type KeptQuery,
  requestInsightsSchema,
  type StoreTurns,
} from '@warren/contracts/http/query-insights'
import { exitCodes } from '@warren/platform/exit-codes'
import { type Command, Option } from 'commander'
import { createApiClient } from '../api/client.ts'
import { findApi, withApiOptions } from '../api/config.ts'
import { ending, print, toShown } from '../terminal.ts'
import { type OutputOptions, withOutput } from './dead-letter-options.ts'

interface InsightOptions extends OutputOptions {
  readonly window: string
  readonly by: string
  readonly order: string
  readonly limit: string
  readonly tenant?: string
  readonly request?: string
}

const path = '/api/v1/query-insights'
const heading = ['queries', 'cost', 'saved', 'cached', 'queued', 'refused', 'failed', 'mean ms']

const nameOf = ({ name, panel, isRest }: Insight): string =>
  isRest ? '(the rest)' : `${name ?? '(none)'}${panel === null ? '' : ` panel ${panel}`}`

const share = (part: number, all: number): string =>
  all === 0 ? '-' : `${Math.round((100 * part) / all)} %`

function cellsOf(figures: FiguresBody): string[] {
  const { queries, cost, savedCost, hit, partial, queued, refused, error, tookMs } = figures
  return [
    ...[queries, Math.round(cost), Math.round(savedCost)].map(String),
    share(hit + partial, queries),
    ...[queued, refused, error].map(String),
    queries === 0 ? '-' : (tookMs / queries).toFixed(1),
  ]
}

function printTable(rows: readonly (readonly string[])[]): void {
  const widths = rows[0]?.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  )
  for (const row of rows)
    print(
      row
        .map((cell, column) => {
          const width = widths?.[column] ?? 0
          return column === 0 ? cell.padEnd(width) : cell.padStart(width)
        })
        .join('  '),
    )
}

function printQuery({ at, requestId, state, tookMs, waitedMs, text, reason, ...who }: KeptQuery) {
  const from = who.resolution === null ? '' : `, from ${who.resolution}`
  const cut = who.clampedFrom === null ? '' : `, cut to begin at ${who.clampedFrom}`
  const { tenant, credential, user, dashboard, panel } = who
  const place = [dashboard, panel && `panel ${panel}`, user ?? credential].filter(Boolean).join(' ')
  const times = `${tookMs.toFixed(1)} ms, ${waitedMs.toFixed(1)} of them waiting${from}${cut}`
  print(`${at}  ${state}  ${times}  ${tenant}  ${toShown(place)}  ${requestId}`)
  if (reason !== null) print(`  ${toShown(reason)}`)
  if (text !== '') print(`  ${toShown(text)}`)
}

function printStore({ store, limit, found, most, running, waiting }: StoreTurns): void {
  const bounds = `${limit} at once just now, ${found} found to be worth it, ${most} at most`
  print(`store of ${store}: ${running} running, ${waiting} waiting; ${bounds}`)
}

function tell(insights: Insights, isAll: boolean): void {
  const { instance, since, items, total, slowest, failed, stores } = insights
  const named = (item: Insight): string =>
    toShown(isAll && item.name !== item.tenant ? `${item.tenant} ${nameOf(item)}` : nameOf(item))
  printTable([
    ['', ...heading],
    ...items.map((item) => [named(item), ...cellsOf(item)]),
    ['in all', ...cellsOf(total)],
  ])
  for (const [title, queries] of [
    ['slowest', slowest],
    ['refused or failed', failed],
  ] as const) {
    if (queries.length > 0) print(`\n${title}`)
    for (const query of queries.slice(0, 5)) printQuery(query)
  }
  if (stores.length > 0) print('')
  for (const store of stores) printStore(store)
  print(`\nanswered by instance ${instance}, of its own queries since ${since}`)
}

async function show(options: InsightOptions): Promise<number> {
  const client = createApiClient(findApi(options))
  const { window, by, order, limit, tenant, request, output } = options
  if (request !== undefined) {
    const call = { path: `${path}/requests/${encodeURIComponent(request)}`, query: { tenant } }
    const found = await client.read(requestInsightsSchema, call)
    if (output === 'json') print(JSON.stringify(found))
    else for (const query of found.items) printQuery(query)
    return exitCodes.ok
  }
  const query = { window, by, order, limit, tenant }
  const insights = await client.read(insightsSchema, { path, query })
  if (output === 'json') print(JSON.stringify(insights))
  else tell(insights, tenant === '*')
  return exitCodes.ok
}

/** `warren query insights` */
export function addQueryInsights(query: Command): void {
  withOutput(withApiOptions(query.command('insights')))
    .description('what queries through the gateway cost, and which were slow, refused or failed')
    .addOption(new Option('--window <length>', 'of the last').choices(insightWindows).default('1h'))
    .addOption(new Option('--by <what>', 'summed by').choices(insightGroups).default('dashboard'))
    .addOption(
      new Option('--order <what>', 'most of it first').choices(insightOrders).default('cost'),
    )
    .option('-n, --limit <count>', 'at most so many lines, 1 to 500', '20')
    .option('--tenant <tenant>', 'of another tenant (admins); * for all')
    .option('--request <id>', 'the queries of one request, by the id in its answer (X-Request-Id)')
    .action(ending(show))
}
