import { type ParseArgsConfig, parseArgs } from 'node:util'
import { reasonOf } from '@warren/platform/errors'

/** What is wrong with the options that somebody typed. */
export class UsageError extends Error {}

/** As `parseArgs` does. Throws a `UsageError` for what the tool does not know. */
export function readArguments<const Config extends ParseArgsConfig>(
  config: Config,
): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config)
  } catch (error) {
    throw new UsageError(reasonOf(error))
  }
}

/** One line and how the tool is called; the exit status for it is 2. */
export const toUsageText = ({ message }: UsageError, name: string, usage: string): string =>
  `${name}: ${message.split('\n')[0]}\n${usage.trimEnd()}\n`
