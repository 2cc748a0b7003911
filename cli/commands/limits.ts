import {
  type BlockedRule,
  type LimitsBody,
  type LimitWindow,
  limitScopes,
  limitsSchema,
  type NewLimits,
  type Rates,
} from '@warren/contracts/http/limits'
import { exitCodes } from '@warren/platform/exit-codes'
import { type Command, Option } from 'commander'
import { createApiClient } from '../api/client.ts'
import { type ApiOptions, findApi, withApiOptions } from '../api/config.ts'
import { ExitError } from '../exit-error.ts'
import { ending, print } from '../terminal.ts'

interface LimitOptions extends ApiOptions {
  readonly tenant?: string
  readonly json: boolean
}

type Scope = (typeof limitScopes)[number]

interface Wishes extends LimitOptions {
  readonly of: string
  readonly requests?: string
  readonly cost?: string
  readonly maxCost?: string
  readonly clamp?: string
}

interface RuleWishes extends LimitOptions, Omit<BlockedRule, 'name'> {}

const withLimitOptions = (command: Command): Command =>
  withApiOptions(command)
    .option('--tenant <tenant>', 'of one tenant; the defaults of all unless given')
    .option('--json', 'as one JSON object', false)

const pathOf = ({ tenant }: LimitOptions): string =>
  tenant === undefined
    ? '/api/v1/limits/defaults'
    : `/api/v1/limits/tenants/${encodeURIComponent(tenant)}`

interface Read {
  readonly limits: LimitsBody
  readonly etag: string
}

async function readLimits(options: LimitOptions): Promise<Read> {
  const answer = await createApiClient(findApi(options)).open({ path: pathOf(options) })
  return {
    limits: limitsSchema.parse(await answer.json()),
    etag: answer.headers.get('etag') ?? '',
  }
}

const shown = (windows: readonly LimitWindow[] | undefined): string =>
  windows?.map(({ most, seconds }) => `${most}/${seconds}s`).join(' ') || 'none'

function tell({ tenant, own, effective }: LimitsBody, { json }: LimitOptions): number {
  if (json) {
    print(JSON.stringify({ tenant, own, effective }))
    return exitCodes.ok
  }
  print(tenant === undefined ? 'defaults' : `tenant ${tenant}`)
  for (const scope of limitScopes) {
    const { requests, cost } = effective[scope] ?? {}
    print(`  ${scope.padEnd(8)} requests ${shown(requests)}, cost ${shown(cost)}`)
  }
  const cut = effective.clamp ? '; one that would cost more is cut to its newest part' : ''
  print(`  one query costs at most ${effective.maxCost}${cut}`)
  for (const { name, ...rule } of effective.blocked ?? [])
    print(`  blocked  ${name} ${JSON.stringify(rule)}`)
  return exitCodes.ok
}

const show = async (options: LimitOptions) => tell((await readLimits(options)).limits, options)

async function change(options: LimitOptions, edit: (own: NewLimits) => NewLimits): Promise<number> {
  const { limits, etag } = await readLimits(options)
  const body = edit(limits.own)
  const call = {
    method: 'PUT',
    path: pathOf(options),
    body,
    headers: { 'if-match': etag },
  } as const
  return tell(await createApiClient(findApi(options)).read(limitsSchema, call), options)
}

/** `1000/10s,5000/60s`, or `none`. */
function windowsOf(text: string): LimitWindow[] {
  if (text === 'none') return []
  return text.split(',').map((each) => {
    const [, most, seconds] = /^(\d{1,12})\/(\d{1,5})s$/.exec(each.trim()) ?? []
    if (most === undefined || seconds === undefined)
      throw new ExitError('usage', `${each} is not like 1000/10s`)
    return { most: Number(most), seconds: Number(seconds) }
  })
}

function scopeOf(text: string): Scope {
  const scope = limitScopes.find((each) => each === text)
  if (scope === undefined)
    throw new ExitError('usage', `${text} is none of ${limitScopes.join(', ')}`)
  return scope
}

function set(options: Wishes): Promise<number> {
  const { requests, cost, maxCost, clamp } = options
  if ([requests, cost, maxCost, clamp].every((wish) => wish === undefined))
    throw new ExitError('usage', 'say --requests, --cost, --max-cost, --clamp, or several')
  if (maxCost !== undefined && !/^\d{1,12}$/.test(maxCost))
    throw new ExitError('usage', `${maxCost} is no number of units`)
  const scope = scopeOf(options.of)
  const rates: Rates = {
    ...(requests === undefined ? {} : { requests: windowsOf(requests) }),
    ...(cost === undefined ? {} : { cost: windowsOf(cost) }),
  }
  return change(options, (own) => ({
    ...own,
    ...(Object.keys(rates).length === 0 ? {} : { [scope]: { ...own[scope], ...rates } }),
    ...(maxCost === undefined ? {} : { maxCost: Number(maxCost) }),
    ...(clamp === undefined ? {} : { clamp: clamp === 'on' }),
  }))
}

async function unset(options: LimitOptions): Promise<number> {
  const { etag } = await readLimits(options)
  const call = { method: 'DELETE', path: pathOf(options), headers: { 'if-match': etag } } as const
  await createApiClient(findApi(options)).send(call)
  return show(options)
}

function block(name: string, options: RuleWishes): Promise<number> {
  const { text, pattern, dashboard, user, reason } = options
  const parts = Object.entries({ text, pattern, dashboard, user, reason })
  const rule = { name, ...Object.fromEntries(parts.filter(([, part]) => part !== undefined)) }
  return change(options, ({ blocked = [], ...own }) => ({
    ...own,
    blocked: [...blocked.filter((each) => each.name !== name), rule],
  }))
}

const unblock = (name: string, options: LimitOptions): Promise<number> =>
  change(options, ({ blocked = [], ...own }) => {
    if (!blocked.some((each) => each.name === name))
      throw new ExitError('failure', `no rule is called ${name} there`)
    return { ...own, blocked: blocked.filter((each) => each.name !== name) }
  })

function addRules(command: Command): void {
  withLimitOptions(command.command('block <name>'))
    .description('refuse queries; what is given must all be so')
    .option('--text <text>', 'stands in the query as it is printed for the store')
    .option('--pattern <re2>', 'is found in that text')
    .option('--dashboard <uid>', 'asks')
    .option('--user <name>', 'asks, as Grafana or Warren names them')
    .option('--reason <text>', 'shown in the panel')
    .action(ending(block))
  withLimitOptions(command.command('unblock <name>'))
    .description('take a rule back')
    .action(ending(unblock))
}

/** `warren limits show|set|unset|block|unblock` */
export function addLimits(program: Command): void {
  const command = program.command('limits').description('how much may be asked of the stores')
  withLimitOptions(command.command('show'))
    .description('what holds for a tenant, or by default')
    .action(ending(show))
  withLimitOptions(command.command('set'))
    .description('for admins; every instance knows within 5 s')
    .option('--of <scope>', `whom it counts: ${limitScopes.join(', ')}`, 'tenant')
    .option('--requests <windows>', 'queries, as 1000/10s,5000/60s or none')
    .option('--cost <windows>', 'units of cost, likewise')
    .option('--max-cost <units>', 'of one query')
    .addOption(
      new Option(
        '--clamp <choice>',
        'metric queries above it are cut to the newest part of their range, not refused',
      ).choices(['on', 'off']),
    )
    .action(ending(set))
  withLimitOptions(command.command('unset'))
    .description('take back everything that was set')
    .action(ending(unset))
  addRules(command)
}
