import { exitCodes } from '@warren/platform/exit-codes'
import { runUntilSignal } from '@warren/platform/run-service'
import { Command, CommanderError } from 'commander'
import { addDeadLetters } from './commands/dead-letters.ts'
import { addLimits } from './commands/limits.ts'
import { addMetrics } from './commands/metrics.ts'
import { addPipeline } from './commands/pipeline.ts'
import { addQuery } from './commands/query.ts'
import { resetPassword } from './commands/reset-password.ts'
import { addRetention } from './commands/retention.ts'
import { addSenders } from './commands/senders.ts'
import { showStatus } from './commands/status.ts'
import { stop } from './commands/stop.ts'
import { addTap } from './commands/tap.ts'
import { addTenants } from './commands/tenants.ts'
import { addTokens } from './commands/tokens.ts'
import { type ConfigOptions, configOf, withConfigOptions } from './config-options.ts'
import { ending, print, say } from './terminal.ts'
import { up } from './up/up.ts'
import { version } from './version.ts'

const examples = `Examples (from a clone: npx warren …):
  warren up                                run everything; Ctrl-C drains and stops it
  WARREN_HTTP_PORT=9000 warren up          the console and the api on another port
  warren up --config warren.yaml           settings from a file
  warren status --data-dir /srv/warren     each part, with the reason when red
  warren stop                              as Ctrl-C, from elsewhere
  warren dead-letters list                 what could not be stored, and why
  warren dead-letters replay --code bad_timestamp   try those once more
  warren tap metrics --deployment shop     messages as they pass, until Ctrl-C
  warren pipeline test points.txt          what the rules would make of them
  warren metrics describe cpu              units and kinds of fields
  warren query explain 'SELECT mean(v) FROM cpu'   how the gateway reads, scopes and prices it
  warren query insights --by panel         what queries cost, and which were refused
  warren reset-password                    a new password for the user admin
`

const program = new Command('warren')
  .description('An observability platform that also runs deployments')
  .version(version)
  .configureHelp({ sortSubcommands: true })
  .addHelpText('before', examples)
  .exitOverride()

withConfigOptions(program.command('up'))
  .description('run the whole platform in this process')
  .action((options: ConfigOptions) =>
    runUntilSignal(async (stopping) => up({ config: configOf(options), say, stopping })),
  )

withConfigOptions(program.command('status'))
  .description('show every part of the Warren that runs on the data folder')
  .option('--json', 'as one JSON object', false)
  .action(
    ending(async (options: ConfigOptions & { json: boolean }) => {
      const { dataDir } = configOf(options)
      const healthy = await showStatus({ dataDir, json: options.json, print })
      return healthy ? exitCodes.ok : exitCodes.failure
    }),
  )

withConfigOptions(program.command('stop'))
  .description('drain and end the Warren that runs on the data folder')
  .action(
    ending(async (options: ConfigOptions) => {
      await stop(configOf(options).dataDir)
      say('stopped')
      return exitCodes.ok
    }),
  )

withConfigOptions(program.command('reset-password'))
  .description('give the user admin a new password')
  .action(
    ending(async (options: ConfigOptions) => {
      print(await resetPassword(configOf(options)))
      return exitCodes.ok
    }),
  )

addDeadLetters(program)

addTap(program)
addLimits(program)
addRetention(program)
addTenants(program)
addTokens(program)
addSenders(program)

addPipeline(program)

addMetrics(program)

addQuery(program)

/** An error says whose help shows what is accepted. */
function nameHelp(command: Command, words: string): void {
  command.showHelpAfterError(`\`${words} --help\` shows what there is`)
  for (const each of command.commands) nameHelp(each, `${words} ${each.name()}`)
}

/** Commander would answer `--help` of a command that there is not with the help of all. */
function checkFirstWord(): void {
  const [word = ''] = process.argv.slice(2)
  const isKnown = ['', 'help', ...program.commands.map((each) => each.name())].includes(word)
  if (!isKnown && !word.startsWith('-')) program.error(`error: unknown command '${word}'`)
}

nameHelp(program, 'warren')
try {
  checkFirstWord()
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof CommanderError)) throw error
  process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
}
