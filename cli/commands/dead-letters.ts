import { deadLetterCodes } from '@warren/contracts/dead-letter'
import { deadLetterListSchema, deadLettersDeletedSchema } from '@warren/contracts/http/dead-letters'
import { exitCodes } from '@warren/platform/exit-codes'
import { type Command, Option } from 'commander'
import { createApiClient } from '../api/client.ts'
import { type ApiOptions, findApi, withApiOptions } from '../api/config.ts'
import { ExitError } from '../exit-error.ts'
import { ending, print, toShown } from '../terminal.ts'

const path = '/api/v1/dead-letters'
const shownItem = 120

interface FilterOptions extends ApiOptions {
  readonly stream?: string
  readonly code?: string
  readonly tenant?: string
}

const withFilterOptions = (command: Command): Command =>
  withApiOptions(command)
    .addOption(new Option('--stream <stream>', 'only of this stream').choices(['metrics', 'logs']))
    .addOption(new Option('--code <code>', 'only with this code').choices(deadLetterCodes))
    .option('--tenant <tenant>', 'of another tenant (admins); - for what named none that exists')

const filterOf = ({ stream, code, tenant }: FilterOptions) => ({ stream, code, tenant })

function itemText(item: string): string {
  const text = toShown(Buffer.from(item, 'base64').toString())
  return text.length > shownItem ? `${text.slice(0, shownItem)}…` : text
}

async function list(options: FilterOptions & { limit: string; json: boolean }): Promise<number> {
  const client = createApiClient(findApi(options))
  const page = await client.read(deadLetterListSchema, {
    path,
    query: { ...filterOf(options), limit: options.limit },
  })
  if (options.json) {
    print(JSON.stringify(page))
    return exitCodes.ok
  }
  for (const { id, stream, code, reason, last_seen, attempts, item } of page.items) {
    print(`${last_seen}  ${stream}  ${code}  ${attempts}×  ${id}`)
    print(`  ${toShown(reason)}`)
    print(`  ${itemText(item)}`)
  }
  print(`${page.items.length} shown, ${page.total} in all`)
  return exitCodes.ok
}

async function purge(options: FilterOptions & { yes: boolean }): Promise<number> {
  if (!options.yes)
    throw new ExitError('usage', 'this deletes the items for good: say --yes when you mean it')
  const client = createApiClient(findApi(options))
  const call = { method: 'DELETE', path, query: filterOf(options) } as const
  const { deleted } = await client.read(deadLettersDeletedSchema, call)
  print(`${deleted} deleted`)
  return exitCodes.ok
}

/** `warren dead-letters list|purge` */
export function addDeadLetters(program: Command): void {
  const command = program
    .command('dead-letters')
    .description('see and delete items that could not be stored')
  withFilterOptions(command.command('list'))
    .description('newest first, with the reason')
    .option('-n, --limit <count>', 'at most so many, 1 to 1000', '20')
    .option('--json', 'as one JSON object', false)
    .action(ending(list))
  withFilterOptions(command.command('purge'))
    .description('delete all of the filter for good')
    .option('--yes', 'without asking back', false)
    .action(ending(purge))
}
