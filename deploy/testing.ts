import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { answers } from '@warren/test-servers/answers'
import { freePort } from '@warren/test-servers/free-port'
import {
  type ComposeService,
  environmentOf,
  readComposeFile,
  root,
} from './compose/compose-file.ts'

export interface StandaloneOptions {
  /** Holds the secrets, in a folder for each volume. */
  readonly secrets: string
  /** Where this machine has the servers of the compose file: `http://influxdb:8086` and the like. */
  readonly addresses: Readonly<Record<string, string>>
}

export interface Standalone {
  /** Of the api and the collector. */
  readonly url: Readonly<Record<string, string>>
  readonly adminUrl: Readonly<Record<string, string>>
  output(): string
  /** Sends SIGTERM to every service; resolves with the exit code of each. */
  stop(): Promise<Record<string, number | null>>
}

const names = ['poller', 'collector', 'analyzer', 'api'] as const

const replaceAll = (text: string, addresses: StandaloneOptions['addresses']): string =>
  Object.entries(addresses).reduce((sofar, [from, to]) => sofar.replaceAll(from, to), text)

/** What the compose file says, and what stands for it on this machine. */
const addressesOf = (
  { addresses, secrets }: StandaloneOptions,
  at: (name: string, kind: 'http' | 'admin') => string,
): Record<string, string> => ({
  ...addresses,
  ...{ '0.0.0.0': '127.0.0.1', '/var/lib/warren': join(secrets, 'data') },
  ...Object.fromEntries(names.map((name) => [`http://${name}:9464`, at(name, 'admin')])),
  'http://127.0.0.1:8186': at('collector', 'http'),
})

/** Runs Warren's services of the compose file as processes of this machine: its commands and variables, with other addresses. */
export async function startStandalone(options: StandaloneOptions): Promise<Standalone> {
  const { services } = readComposeFile()
  const ports = new Map<string, { http: number; admin: number }>()
  for (const name of names) ports.set(name, { http: await freePort(), admin: await freePort() })
  const at = (name: string, kind: 'http' | 'admin') =>
    `http://127.0.0.1:${ports.get(name)?.[kind] ?? 0}`
  const addresses = addressesOf(options, at)

  let output = ''
  const start = (name: (typeof names)[number]): ChildProcess => {
    const service = services[name] as ComposeService
    const variables = Object.entries(environmentOf(service, options.secrets)).map(
      ([variable, text]) => [variable, replaceAll(text, addresses)],
    )
    const { http = 0, admin = 0 } = ports.get(name) ?? {}
    const env = Object.fromEntries(variables) as Record<string, string>
    if ('WARREN_HTTP_PORT' in env) env['WARREN_HTTP_PORT'] = String(http)
    env['WARREN_ADMIN_PORT'] = String(admin)
    const child = spawn(
      process.execPath,
      [...(service.command ?? [])].map((word) => (word.startsWith('-') ? word : join(root, word))),
      {
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    )
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (bytes: Buffer) => {
        output = (output + bytes.toString()).slice(-100_000)
      })
    return child
  }
  const children = new Map(names.map((name) => [name, start(name)]))
  const stopOne = async (child: ChildProcess): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) {
      const exit = once(child, 'exit')
      child.kill('SIGTERM')
      await exit
    }
    return child.exitCode
  }
  const stop = async () => {
    const codes: Record<string, number | null> = {}
    for (const [name, child] of children) codes[name] = await stopOne(child)
    return codes
  }
  const running: Standalone = {
    url: { api: at('api', 'http'), collector: at('collector', 'http') },
    adminUrl: Object.fromEntries(names.map((name) => [name, at(name, 'admin')])),
    output: () => output,
    stop,
  }
  try {
    for (const name of names) await untilAnswers(`${at(name, 'admin')}/healthz`)
  } catch (error) {
    await stop()
    throw new Error(output, { cause: error })
  }
  return running
}

async function untilAnswers(url: string): Promise<void> {
  const deadline = Date.now() + 30_000
  for (;;) {
    try {
      return await answers(url)
    } catch (error) {
      if (Date.now() > deadline) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
