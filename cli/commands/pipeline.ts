import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { parseSenderKey, toRoutingKey } from '@warren/contracts/routing-key'
import { type Stream, streams } from '@warren/contracts/topology'
import { reasonOf } from '@warren/platform/errors'
import { exitCodes } from '@warren/platform/exit-codes'
import { parseRules } from '@warren/poller/rules/parse-rules'
import { usualName } from '@warren/poller/rules/rules-file'
import { defaultRules, type Rules } from '@warren/poller/rules/schema'
import { type TriedItem, tryRules } from '@warren/poller/rules/trial'
import { type Command, Option } from 'commander'
import { type ConfigOptions, configOf, withConfigOptions } from '../config-options.ts'
import { ExitError } from '../exit-error.ts'
import { ending, print, toShown } from '../terminal.ts'
import type { UpConfig } from '../up/config.ts'

interface TestOptions extends ConfigOptions {
  readonly rules?: string
  readonly stream: Stream
  readonly key?: string
  readonly tenant: string
  readonly deployment?: string
  readonly output: 'text' | 'json'
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new ExitError('failure', `cannot read ${file}: ${reasonOf(error)}`, error)
  }
}

/** The rules that a poller with these settings would have. */
function rulesOf(named: string | undefined, { poller, dataDir }: UpConfig): Rules {
  const file = named ?? poller.rulesFile
  if (file !== undefined) return parseRules(textOf(file), file)
  const usual = join(dataDir, usualName)
  return existsSync(usual) ? parseRules(textOf(usual), usual) : defaultRules
}

function senderOf({ key, tenant, deployment }: TestOptions) {
  const sender = parseSenderKey(key ?? toRoutingKey(tenant, deployment))
  if (sender === undefined)
    throw new ExitError(
      'usage',
      `--key ${JSON.stringify(key)} names no tenant: it is TENANT.DEPLOYMENT.SOURCE, - for none`,
    )
  return { tenant: sender.tenant, deployment: sender.deployment }
}

const lineOf = ({ outcome, text, code, reason }: TriedItem): string => {
  const shown = `${outcome.padEnd(8)} ${toShown(text)}`
  return code === undefined ? shown : `${shown}\n         ${code}: ${toShown(reason ?? '')}`
}

async function readInput(file: string): Promise<Buffer> {
  return file === '-' ? buffer(process.stdin) : Buffer.from(textOf(file))
}

async function test(file: string, options: TestOptions): Promise<number> {
  const config = configOf(options)
  const { maxAheadMs, maxBehindMs } = config.poller
  const trial = {
    ...{ stream: options.stream, sender: senderOf(options), maxAheadMs, maxBehindMs },
    ...{ rules: rulesOf(options.rules, config), nowMs: Date.now() },
  }
  const items = tryRules(await readInput(file), trial)
  const count = (wanted: TriedItem['outcome']) =>
    items.filter(({ outcome }) => outcome === wanted).length
  const [stored, dropped, refused] = [count('stored'), count('dropped'), count('refused')]
  if (options.output === 'json') print(JSON.stringify({ items, stored, dropped, refused }))
  else {
    for (const item of items) print(lineOf(item))
    print(`${stored} stored, ${dropped} dropped, ${refused} refused`)
  }
  return refused === 0 ? exitCodes.ok : exitCodes.refused
}

async function check(file: string): Promise<number> {
  parseRules(textOf(file), file)
  print(`${file} can be used`)
  return exitCodes.ok
}

/** `warren pipeline test|check` */
export function addPipeline(program: Command): void {
  const command = program.command('pipeline').description('try the rules of the pipeline')
  withConfigOptions(command.command('test [file]'))
    .description('what would become of these points or records (a file, or standard input)')
    .option('--rules <file>', 'instead of those of the settings')
    .addOption(
      new Option('--stream <stream>', 'line protocol, or one JSON object a line')
        .choices(streams)
        .default('metrics'),
    )
    .option('--key <key>', 'routing key of the sender, as default.shop.web1')
    .option('--tenant <tenant>', 'of the sender, without a key', 'default')
    .option('--deployment <name>', 'of the sender, without a key')
    .addOption(
      new Option('-o, --output <form>', 'lines, or one JSON object')
        .choices(['text', 'json'])
        .default('text'),
    )
    .action(ending((file: string | undefined, options: TestOptions) => test(file ?? '-', options)))
  command
    .command('check <file>')
    .description('whether a rules file can be used, with every problem')
    .action(ending(check))
}
