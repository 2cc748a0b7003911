import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { agentLaunch } from '@warren/agent-host/launch'
import type { Health } from '@warren/contracts/http/status'
import { backoffMs } from '@warren/platform/backoff'
import { reasonOf } from '@warren/platform/errors'
import type { Log } from '@warren/platform/log'
import type { UpConfig } from './config.ts'

export interface HostAgentOptions {
  /** `WARREN_…` variables of the agent. */
  readonly env: Readonly<Record<string, string>>
  readonly log: Log
}

function writeAddress(dataDir: string, amqpUrl: string): string {
  const file = join(dataDir, 'amqp-url')
  rmSync(file, { force: true })
  writeFileSync(file, `${amqpUrl}\n`, { mode: 0o600 })
  return file
}

/** The settings of the agent of this host, as its own variables: it shares nothing with this process. */
export function agentEnvironment(
  { agent, log }: Pick<UpConfig, 'agent' | 'log'>,
  dataDir: string,
  amqpUrl: string,
): Record<string, string> {
  return {
    // Not the address itself: the environment of a process is easier to read than a private file.
    WARREN_AMQP_URL_FILE: writeAddress(dataDir, amqpUrl),
    WARREN_DATA_DIR: dataDir,
    WARREN_HOST: agent.host,
    WARREN_INTERVAL_MS: String(agent.intervalMs),
    WARREN_COMPRESSION: agent.compression,
    WARREN_INPUTS: JSON.stringify(agent.inputs),
    WARREN_TAIL: JSON.stringify(agent.tail),
    WARREN_LOG__LEVEL: log.level,
    WARREN_LOG__PRETTY: String(log.pretty),
  }
}

export interface HostAgent {
  health(): readonly Health[]
  close(): Promise<void>
}

const stopMs = 10_000

/** Starts the agent with a pipe as its standard input: when this process dies, however, the pipe ends and the agent leaves. */
const launch = (env: HostAgentOptions['env']): ChildProcess =>
  spawn(process.execPath, [...agentLaunch.execArgv, agentLaunch.script, ...agentLaunch.args], {
    env: { ...inherited(), ...agentLaunch.env, ...env },
    stdio: ['pipe', 'inherit', 'inherit'],
    // Its own process group: Ctrl-C on a terminal reaches us alone, and we end it in order.
    detached: true,
  })

/** What a program needs of this process's environment, none of Warren's settings among it. */
const inherited = (): NodeJS.ProcessEnv =>
  // biome-ignore lint/style/noProcessEnv: a child's environment, not a setting.
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('WARREN_')))

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), stopMs)
  await exit
  clearTimeout(timer)
}

/** Runs this host's agent as a child; one that ends is started again with back-off. */
export function startHostAgent({ env, log }: HostAgentOptions): HostAgent {
  const stopping = new AbortController()
  let child: ChildProcess | undefined
  let health: Health = {
    part: 'agent',
    state: 'green',
    reason: null,
    since: new Date().toISOString(),
  }

  async function run(): Promise<void> {
    for (let attempt = 0; !stopping.signal.aborted; attempt++) {
      const since = Date.now()
      child = launch(env)
      health = { part: 'agent', state: 'green', reason: null, since: new Date().toISOString() }
      const end = await once(child, 'exit').then(
        ([code, signal]) => (signal as string | null) ?? `code ${code}`,
        reasonOf,
      )
      if (stopping.signal.aborted) return
      if (Date.now() - since > 60_000) attempt = 0
      const waitMs = backoffMs(attempt, { firstMs: 1000, maxMs: 30_000 })
      const reason = `the host agent ended (${end}); starts again in ${Math.ceil(waitMs / 1000)} s`
      health = { part: 'agent', state: 'red', reason, since: new Date().toISOString() }
      log.error(reason)
      await sleep(waitMs, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }

  const running = run()
  return {
    health: () => [health],
    async close() {
      stopping.abort()
      if (child !== undefined) await end(child)
      await running
    },
  }
}
