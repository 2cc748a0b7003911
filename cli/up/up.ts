import { ensureAdmin } from '@warren/api/auth/ensure-admin'
import { startAdminServer } from '@warren/platform/admin-server'
import { reasonOf } from '@warren/platform/errors'
import { type ExitReason, exitCodeOf, exitCodes } from '@warren/platform/exit-codes'
import { createLog } from '@warren/platform/log'
import { optimiseSooner } from '@warren/platform/optimise-sooner'
import type { Closeable } from '@warren/platform/run-service'
import { routeUnexpected } from '@warren/platform/unexpected'
import { type DataFolder, openDataFolder } from '../data-folder/open.ts'
import { removeRun, writeRun } from '../data-folder/run-file.ts'
import { ExitError } from '../exit-error.ts'
import { version } from '../version.ts'
import {
  adminPasswordFile,
  generatePassword,
  readAdminPassword,
  writeAdminPassword,
} from './admin-password.ts'
import type { UpBroker } from './broker.ts'
import { type Closers, createClosers } from './closers.ts'
import type { UpConfig } from './config.ts'
import { letHeapsGrow } from './heap-growth.ts'
import { agentEnvironment, type HostAgent, startHostAgent } from './host-agent.ts'
import { openUpBroker } from './open-broker.ts'
import { claimPort } from './ports.ts'
import { createProgress } from './progress.ts'
import { toUrlHost } from './reachable-host.ts'
import { startServices } from './services.ts'
import { openUpCatalog, openUpStores } from './stores.ts'
import { together } from './together.ts'

export interface UpOptions {
  readonly config: UpConfig
  /** Lines for the person who waits. */
  readonly say: (line: string) => void
  /** Aborts when the start shall be given up; `up` then rejects with its reason. */
  readonly stopping: AbortSignal
}

/** Names what did not open; an error that says by itself what it means keeps its words and its exit code. */
const failing =
  (reason: ExitReason, what: string) =>
  (error: unknown): never => {
    throw exitCodeOf(error) === exitCodes.failure
      ? new ExitError(reason, `${what}: ${reasonOf(error)}`, error)
      : error
  }

/** How long parts that still open are waited for after one has failed; what then is not there ends with this process. */
const graceMs = 8000

async function openParts(
  { config, say, stopping }: UpOptions,
  folder: DataFolder,
  closers: Closers,
) {
  const progress = createProgress(say)
  const parts = [
    progress
      .step(
        'RabbitMQ',
        () => openUpBroker(config, folder),
        ({ isThere }) => (isThere ? undefined : 'not reachable yet, tried again until it is'),
      )
      .then(closers.add)
      .catch(failing('broker', 'RabbitMQ did not start')),
    progress
      .step('catalog', () => openUpCatalog(config, folder))
      .then(closers.add)
      .catch(failing('catalog', 'the catalog did not open')),
    progress
      .step('stores', () => openUpStores(config, folder))
      .then(closers.add)
      .catch(failing('dataFolder', 'the stores did not open')),
  ] as const
  stopping.addEventListener('abort', progress.hush, { once: true })
  return together(parts, { stopping, graceMs })
}

async function ensurePassword(config: UpConfig, folder: DataFolder): Promise<string> {
  const password =
    config.adminPassword?.reveal() ?? readAdminPassword(folder.path) ?? generatePassword()
  if (password !== readAdminPassword(folder.path)) writeAdminPassword(folder.path, password)
  return password
}

function startAgent(config: UpConfig, folder: DataFolder, broker: UpBroker): HostAgent | undefined {
  if (!config.agent.enabled) return undefined
  const env = agentEnvironment(config, folder.of('agent'), broker.agentUrl)
  return startHostAgent({ env, log: createLog({ service: 'agent', ...config.log }) })
}

async function startAll(options: UpOptions, closers: Closers): Promise<() => void> {
  const { config, say } = options
  const folder = await openDataFolder(config.dataDir, say)
  closers.push(() => folder.release())
  closers.push(() => removeRun(folder.path))
  const { httpHost } = config
  const httpPort = await claimPort({ host: httpHost, port: config.httpPort }, 'WARREN_HTTP_PORT')
  // Any free one is taken when it is listened on: of those the system gives, a connection may have it by then.
  const adminPort =
    config.adminPort === 0
      ? 0
      : await claimPort({ host: '127.0.0.1', port: config.adminPort }, 'WARREN_ADMIN_PORT')
  say(`Warren ${version} starts on ${folder.path}`)
  const [broker, catalog, stores] = await openParts(options, folder, closers)
  const password = await ensurePassword(config, folder)
  await ensureAdmin({ catalog: catalog.catalog, password })
  let agent: HostAgent | undefined
  const services = closers.add(
    startServices({
      config,
      httpPort,
      version,
      broker,
      catalog: catalog.catalog,
      stores,
      otherParts: () => [...broker.health(), ...(agent?.health() ?? [])],
    }),
  )
  const admin = closers.add(
    await startAdminServer({
      host: '127.0.0.1',
      port: adminPort,
      version,
      registries: services.registries,
      health: services.health,
    }),
  )
  closers.push(() => admin.drain())
  agent = startAgent(config, folder, broker)
  if (agent !== undefined) closers.add(agent)
  const url = `http://${toUrlHost(httpHost)}:${httpPort}`
  writeRun(folder.path, { url, adminPort: admin.port, catalogUrl: catalog.url })
  return () =>
    greet(say, {
      url,
      password: config.adminPassword === undefined ? password : undefined,
      folder,
      hasBroker: broker.isThere,
    })
}

interface Greeting {
  readonly url: string
  readonly password: string | undefined
  readonly folder: DataFolder
  readonly hasBroker: boolean
}

function greet(say: (line: string) => void, { url, password, folder, hasBroker }: Greeting): void {
  say('')
  say(`  Open      ${url}`)
  say('  User      admin')
  say(`  Password  ${password ?? 'as WARREN_ADMIN_PASSWORD says'}`)
  say(`            (also in ${adminPasswordFile(folder.path)})`)
  say('')
  say(
    hasBroker
      ? '  Hosts shows this host within ten seconds; Add data connects Telegraf, another host, or Grafana.'
      : '  Nothing arrives before RabbitMQ is reached; Status says when. Add data connects Telegraf, another host, or Grafana.',
  )
  say('  Ctrl-C drains and stops everything.')
  say('')
}

/** Starts the whole platform in this process; throws an `ExitError` after closing what had been opened. */
export async function up(options: UpOptions): Promise<Closeable> {
  letHeapsGrow()
  optimiseSooner()
  const closers = createClosers()
  const ended = Promise.withResolvers<never>()
  ended.promise.catch(() => undefined)
  closers.push(routeUnexpected(ended.reject))
  try {
    const greetNow = await startAll(options, closers)
    options.stopping.throwIfAborted()
    greetNow()
    return {
      // Services are supervised one by one: nothing ends the process but a signal, or an error that is no service's.
      ended: ended.promise,
      close: async () => {
        options.say('draining …')
        await closers.closeAll()
        options.say('stopped')
      },
    }
  } catch (error) {
    if (error === options.stopping.reason) options.say('stopping …')
    await closers.closeAll()
    throw error
  }
}
