import { reasonOf, WarrenError } from '@warren/platform/errors'
import { exitCodes, runUntilSignal } from '@warren/platform/run-service'
import { Command } from 'commander'
import { resetPassword } from './commands/reset-password.ts'
import { showStatus } from './commands/status.ts'
import { stop } from './commands/stop.ts'
import { ExitError } from './exit-error.ts'
import { readUpConfig, type UpConfig } from './up/config.ts'
import { up } from './up/up.ts'
import { version } from './version.ts'

const print = (line: string): void => void process.stdout.write(`${line}\n`)
const say = (line: string): void => void process.stderr.write(`${line}\n`)

interface CommonOptions {
  readonly config?: string
  readonly dataDir?: string
}

const configOf = ({ config, dataDir }: CommonOptions): UpConfig =>
  readUpConfig({ file: config, flags: { dataDir } })

const exitCodeOf = (error: unknown): number => {
  if (error instanceof ExitError) return error.exitCode
  return error instanceof WarrenError && error.code.startsWith('config_')
    ? exitCodes.config
    : exitCodes.failure
}

/** Runs a command that ends by itself; a failure is one line and an exit code. */
const ending =
  <Options>(run: (options: Options) => Promise<number>) =>
  async (options: Options): Promise<void> => {
    try {
      process.exitCode = await run(options)
    } catch (error) {
      say(`warren: ${reasonOf(error)}`)
      process.exitCode = exitCodeOf(error)
    }
  }

const program = new Command('warren')
  .description('An observability platform that also runs deployments')
  .version(version)
  .configureHelp({ sortSubcommands: true })

const common = (command: Command): Command =>
  command
    .option('-c, --config <file>', 'YAML file with settings')
    .option('-d, --data-dir <folder>', 'data folder (WARREN_DATA_DIR, ./data)')

common(program.command('up'))
  .description('run the whole platform in this process')
  .action((options: CommonOptions) => runUntilSignal(() => up({ config: configOf(options), say })))

common(program.command('status'))
  .description('show every part of the Warren that runs on the data folder')
  .option('--json', 'as one JSON object', false)
  .action(
    ending(async (options: CommonOptions & { json: boolean }) => {
      const { dataDir } = configOf(options)
      const healthy = await showStatus({ dataDir, json: options.json, print })
      return healthy ? exitCodes.ok : exitCodes.failure
    }),
  )

common(program.command('stop'))
  .description('drain and end the Warren that runs on the data folder')
  .action(
    ending(async (options: CommonOptions) => {
      await stop(configOf(options).dataDir)
      say('stopped')
      return exitCodes.ok
    }),
  )

common(program.command('reset-password'))
  .description('give the user admin a new password')
  .action(
    ending(async (options: CommonOptions) => {
      print(await resetPassword(configOf(options)))
      return exitCodes.ok
    }),
  )

await program.parseAsync()
