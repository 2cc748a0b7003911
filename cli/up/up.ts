import { ensureAdmin } from '@warren/api/auth/ensure-admin'
import { startAdminServer } from '@warren/platform/admin-server'
import { reasonOf } from '@warren/platform/errors'
import { createLog } from '@warren/platform/log'
import type { Closeable } from '@warren/platform/run-service'
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
import { brokerAt, startPrivateBroker, type UpBroker } from './broker.ts'
import type { UpConfig } from './config.ts'
import { agentEnvironment, type HostAgent, startHostAgent } from './host-agent.ts'
import { claimPort } from './ports.ts'
import { createProgress } from './progress.ts'
import { startServices } from './services.ts'
import { openUpCatalog, openUpStores } from './stores.ts'

export interface UpOptions {
  readonly config: UpConfig
  /** Lines for the person who waits. */
  readonly say: (line: string) => void
}

/** What has been opened so far, closed in reverse order. */
function createClosers() {
  const closers: (() => Promise<void> | void)[] = []
  return {
    add: <Value extends { close(): Promise<void> }>(opened: Value): Value => {
      closers.push(() => opened.close())
      return opened
    },
    push: (close: () => void) => void closers.push(close),
    async closeAll() {
      for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close()
    },
  }
}

type Closers = ReturnType<typeof createClosers>

const failing =
  (reason: 'broker' | 'catalog', what: string) =>
  (error: unknown): never => {
    throw error instanceof ExitError
      ? error
      : new ExitError(reason, `${what}: ${reasonOf(error)}`, error)
  }

function openBroker(config: UpConfig, folder: DataFolder): Promise<UpBroker> {
  if (config.amqpUrl !== undefined) return Promise.resolve(brokerAt(config.amqpUrl.reveal()))
  const { amqpHost, amqpPort, amqpTls } = config
  const tls =
    amqpTls === undefined
      ? undefined
      : {
          host: amqpHost,
          port: amqpPort ?? 5671,
          certFile: amqpTls.certFile,
          keyFile: amqpTls.keyFile,
          ...(amqpTls.caFile === undefined ? {} : { caFile: amqpTls.caFile }),
        }
  return startPrivateBroker({
    folder: folder.of('broker'),
    port: tls === undefined ? amqpPort : undefined,
    tls,
    log: createLog({ service: 'broker', ...config.log }),
  }).catch(failing('broker', 'the private RabbitMQ did not start'))
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

async function startAll({ config, say }: UpOptions, closers: Closers): Promise<() => void> {
  const httpPort = await claimPort(
    { host: config.httpHost, port: config.httpPort },
    'WARREN_HTTP_PORT',
  )
  const folder = await openDataFolder(config.dataDir, say)
  closers.push(() => folder.release())
  say(`Warren ${version} starts on ${folder.path}`)
  const progress = createProgress(say)
  const [broker, catalog, stores] = await Promise.all([
    progress.step('RabbitMQ', () => openBroker(config, folder)).then(closers.add),
    progress
      .step('catalog', () => openUpCatalog(config, folder))
      .then(closers.add)
      .catch(failing('catalog', 'the catalog did not open')),
    progress.step('stores', () => openUpStores(config, folder)).then(closers.add),
  ])
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
      port: config.adminPort,
      version,
      registries: services.registries,
      health: services.health,
    }),
  )
  closers.push(() => admin.drain())
  agent = startAgent(config, folder, broker)
  if (agent !== undefined) closers.add(agent)
  const url = `http://${config.httpHost}:${httpPort}`
  writeRun(folder.path, { url, adminPort: admin.port, catalogUrl: catalog.url })
  closers.push(() => removeRun(folder.path))
  return () =>
    greet(say, { url, password: config.adminPassword === undefined ? password : undefined, folder })
}

function greet(
  say: (line: string) => void,
  { url, password, folder }: { url: string; password: string | undefined; folder: DataFolder },
): void {
  say('')
  say(`  Open      ${url}`)
  say('  User      admin')
  say(`  Password  ${password ?? 'as WARREN_ADMIN_PASSWORD says'}`)
  say(`            (also in ${adminPasswordFile(folder.path)})`)
  say('')
  say(
    '  Hosts shows this host within ten seconds; Add data connects Telegraf, another host, or Grafana.',
  )
  say('  Ctrl-C drains and stops everything.')
  say('')
}

/** Starts the whole platform in this process; throws an `ExitError` after closing what had been opened. */
export async function up(options: UpOptions): Promise<Closeable> {
  const closers = createClosers()
  try {
    const greetNow = await startAll(options, closers)
    greetNow()
    return {
      // Services are supervised one by one: nothing ends the process but a signal.
      ended: new Promise(() => undefined),
      close: async () => {
        options.say('draining …')
        await closers.closeAll()
        options.say('stopped')
      },
    }
  } catch (error) {
    await closers.closeAll()
    throw error
  }
}
