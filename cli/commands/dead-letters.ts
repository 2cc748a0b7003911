import {
  deadLetterListSchema,
  deadLettersDeletedSchema,
  defaultReplayPerSecond,
  type StoredLetter,
  storedLetterSchema,
} from '@warren/contracts/http/dead-letters'
import { exitCodes } from '@warren/platform/exit-codes'
import type { Command } from 'commander'
import { createApiClient } from '../api/client.ts'
import { findApi } from '../api/config.ts'
import { ExitError } from '../exit-error.ts'
import { wholeNumber } from '../option-values.ts'
import { ending, print, toShown } from '../terminal.ts'
import {
  deadLettersPath,
  type FilterOptions,
  filterOf,
  letterPath,
  type OutputOptions,
  withFilter,
  withOutput,
  withTenant,
} from './dead-letter-options.ts'
import { edit } from './edit-dead-letter.ts'
import { replay } from './replay-dead-letters.ts'

const path = deadLettersPath
const shownItem = 120

function itemText(item: string): string {
  const text = toShown(Buffer.from(item, 'base64').toString())
  return text.length > shownItem ? `${text.slice(0, shownItem)}…` : text
}

type ListOptions = FilterOptions & OutputOptions & { limit: number; cursor?: string; json: boolean }

async function list(options: ListOptions): Promise<number> {
  const client = createApiClient(findApi(options))
  const page = await client.read(deadLetterListSchema, {
    path,
    query: { ...filterOf(options), limit: options.limit, cursor: options.cursor },
  })
  if (options.json || options.output === 'json') {
    print(JSON.stringify(page))
    return exitCodes.ok
  }
  for (const { id, stream, code, reason, last_seen, attempts, item } of page.items) {
    print(`${last_seen}  ${stream}  ${code}  ${attempts}×  ${id}`)
    print(`  ${toShown(reason)}`)
    print(`  ${itemText(item)}`)
  }
  print(`${page.items.length} shown, ${page.matching} match, ${page.total} in all`)
  if (page.nextCursor !== null) print(`older ones: --cursor ${page.nextCursor}`)
  return exitCodes.ok
}

async function show(id: string, options: OutputOptions & { tenant?: string; raw: boolean }) {
  const client = createApiClient(findApi(options))
  const query = { tenant: options.tenant }
  const letter = await client.read(storedLetterSchema, { path: letterPath(id), query })
  if (options.raw) process.stdout.write(Buffer.from(letter.item, 'base64'))
  else if (options.output === 'json') print(JSON.stringify(letter))
  else describe(letter)
  return exitCodes.ok
}

function describe(letter: StoredLetter): void {
  const { origin, edited_by: by } = letter
  const which = origin.index < 0 ? 'a whole message' : `item ${origin.index + 1} of its message`
  const facts = {
    id: letter.id,
    tenant: letter.tenant,
    stream: letter.stream,
    code: letter.code,
    reason: letter.reason,
    'first seen': letter.first_seen,
    'last seen': letter.last_seen,
    attempts: String(letter.attempts),
    from: `${origin.exchange}, key ${origin.routing_key}, ${which} ${origin.message_id}`,
    time: origin.time_ns === undefined ? 'the message had none' : `${origin.time_ns} ns`,
    bytes: `${letter.bytes}${letter.is_cut === true ? ' (only the beginning was kept)' : ''}`,
    edited: by === null ? 'never' : `by ${by}, ${letter.edited_at}`,
  }
  for (const [name, value] of Object.entries(facts))
    print(`${`${name}:`.padEnd(12)}${toShown(value)}`)
  print('')
  const bytes = Buffer.from(letter.item, 'base64')
  const isText = bytes.equals(Buffer.from(bytes.toString()))
  print(isText ? bytes.toString().split('\n').map(toShown).join('\n') : `base64: ${letter.item}`)
}

async function purge(options: FilterOptions & { yes: boolean }): Promise<number> {
  if (!options.yes)
    throw new ExitError('usage', 'this deletes the items for good: say --yes when you mean it')
  const client = createApiClient(findApi(options))
  const call = { method: 'DELETE', path, query: { ...filterOf(options) } } as const
  const { deleted } = await client.read(deadLettersDeletedSchema, call)
  print(`${deleted} deleted`)
  return exitCodes.ok
}

function addChanges(command: Command): void {
  withOutput(withTenant(command.command('edit <id>')))
    .description('change what it says; opens $VISUAL or $EDITOR unless a file is given')
    .option('--file <path>', 'the new content, - for standard input')
    .option('--deployment <name>', 'sent again as of this deployment; - for none')
    .option('--source <name>', 'sent again as of this source; - for none')
    .action(ending(edit))
  withOutput(withFilter(command.command('replay [ids...]')))
    .description('send the letters of the filter again, or those named, and show how far it is')
    .option(
      '--per-second <count>',
      'at most so many a second, 1 to 10000',
      wholeNumber(1, 10_000),
      defaultReplayPerSecond,
    )
    .option('--all', 'every letter of the tenant: needed without ids and filter', false)
    .option('--no-wait', 'do not wait for its end')
    .action(ending(replay))
  withFilter(command.command('purge'))
    .description('delete all of the filter for good')
    .option('--yes', 'without asking back', false)
    .action(ending(purge))
}

/** `warren dead-letters list|show|edit|replay|purge` */
export function addDeadLetters(program: Command): void {
  const command = program
    .command('dead-letters')
    .description('see, edit, send again and delete items that could not be stored')
  withOutput(withFilter(command.command('list')))
    .description('newest first, with the reason')
    .option('-n, --limit <count>', 'at most so many, 1 to 1000', wholeNumber(1, 1000), 20)
    .option('--cursor <cursor>', 'go on where a list ended')
    .option('--json', 'as -o json', false)
    .action(ending(list))
  withOutput(withTenant(command.command('show <id>')))
    .description('one, whole, with where it came from')
    .option('--raw', 'its bytes alone, as they are', false)
    .action(ending(show))
  addChanges(command)
}
