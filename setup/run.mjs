// Set-up runs on whatever Node.js the machine has (20 or newer), before any dependency is installed: plain JavaScript only.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project's folder. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** An error whose message is all that a person needs. */
export class SetupError extends Error {}

/** One line on standard error: what set-up does now. */
export const say = (line) => void process.stderr.write(`${line}\n`)

/** Runs a command in the project's folder, its output on ours; resolves with its exit code. Signals go to the whole group by themselves. */
export function run(command, args, { env = process.env, stdio = 'inherit' } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env, stdio })
    child.once('error', (error) =>
      reject(new SetupError(`${command} could not be started: ${error.message}`)),
    )
    child.once('exit', (code, signal) => resolve(signal === null ? code : 1))
  })
}

/** Our parent and its parent, on Linux: npm starts scripts through a shell, which does not notice npm's death. */
function ancestors() {
  const { ppid } = process
  try {
    const stat = readFileSync(`/proc/${ppid}/stat`, 'utf8')
    return `${ppid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]}`
  } catch {
    return String(ppid)
  }
}

/** Runs a Node.js program whose life is bound to ours: signals to this process alone are passed on (those of a terminal reach it twice, which it knows),
 *  and when we or npm above us are killed, it drains and ends: it sees its IPC channel close. Resolves with its exit code. */
export function runBound(node, args, env = process.env) {
  return new Promise((resolve, reject) => {
    const child = spawn(node, args, { env, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] })
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
    const above = ancestors()
    // Not below a shell: there, `nohup` means to outlive it.
    if (process.env.npm_lifecycle_event !== undefined)
      setInterval(() => {
        if (ancestors() !== above && child.connected) child.disconnect()
      }, 1000).unref()
    child.once('error', (error) =>
      reject(new SetupError(`${node} could not be started: ${error.message}`)),
    )
    child.once('exit', (code, signal) => resolve(signal === null ? code : 1))
  })
}

/** Runs a command that must succeed. */
export async function must(command, args, options) {
  const code = await run(command, args, options)
  if (code !== 0) throw new SetupError(`\`${command} ${args.join(' ')}\` ended with code ${code}`)
}

/** Runs `main`; a `SetupError` is one line and exit code 1, anything else a bug with its stack. */
export async function runMain(main) {
  try {
    process.exitCode = await main()
  } catch (error) {
    say(error instanceof SetupError ? `warren: ${error.message}` : error.stack)
    process.exitCode = 1
  }
}
