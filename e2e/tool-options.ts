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

interface Tool {
  readonly name: string
  readonly usage: string
  /** When it fails; 1 unless said. */
  readonly failed?: number
}

/** The exit status that a tool says itself; where it throws, standard error says why; 2, one line and its usage when it was called wrongly. */
export async function exitStatusOf(
  { name, usage, failed = 1 }: Tool,
  run: () => Promise<number>,
): Promise<number> {
  try {
    return await run()
  } catch (error) {
    const isUsage = error instanceof UsageError
    const said = isUsage ? `${error.message.split('\n')[0]}\n${usage.trimEnd()}` : reasonOf(error)
    process.stderr.write(`${name}: ${said}\n`)
    return isUsage ? 2 : failed
  }
}
