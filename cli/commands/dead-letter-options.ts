import { deadLetterCodes } from '@warren/contracts/dead-letter'
import type { DeadLetterWish } from '@warren/contracts/http/dead-letters'
import { type Command, Option } from 'commander'
import { type ApiOptions, withApiOptions } from '../api/config.ts'
import { moment } from '../option-values.ts'

export const deadLettersPath = '/api/v1/dead-letters'

export const letterPath = (id: string): string => `${deadLettersPath}/${encodeURIComponent(id)}`

export interface OutputOptions extends ApiOptions {
  readonly output: 'text' | 'json'
}

/** As the api names them. */
export interface FilterOptions extends ApiOptions, DeadLetterWish {}

export const withTenant = (command: Command): Command =>
  withApiOptions(command).option(
    '--tenant <tenant>',
    'of another tenant (admins); * for all, - for what named none that exists',
  )

export const withFilter = (command: Command): Command =>
  withTenant(command)
    .addOption(new Option('--stream <stream>', 'only of this stream').choices(['metrics', 'logs']))
    .addOption(new Option('--code <code>', 'only with this code').choices(deadLetterCodes))
    .option('--text <text>', 'only with this in the reason')
    .option(
      '--first-seen-from <time>',
      'first refused then or later, as 2026-03-03T12:00:00Z',
      moment,
    )
    .option('--first-seen-to <time>', 'first refused then or earlier', moment)
    .option('--last-seen-from <time>', 'last refused then or later', moment)
    .option('--last-seen-to <time>', 'last refused then or earlier', moment)
    .option('--replay <id>', 'only what came back from this replay')

export const withOutput = (command: Command): Command =>
  command.addOption(
    new Option('-o, --output <form>', 'for people, or JSON')
      .choices(['text', 'json'])
      .default('text'),
  )

export const filterOf = (options: FilterOptions): DeadLetterWish => ({
  stream: options.stream,
  code: options.code,
  tenant: options.tenant,
  text: options.text,
  firstSeenFrom: options.firstSeenFrom,
  firstSeenTo: options.firstSeenTo,
  lastSeenFrom: options.lastSeenFrom,
  lastSeenTo: options.lastSeenTo,
  replay: options.replay,
})
