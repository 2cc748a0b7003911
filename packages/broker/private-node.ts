import { access, chmod, constants, mkdir, statfs, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { hasCode } from '@warren/platform/errors'
import type { Log } from '@warren/platform/log'
import type { Definitions, VhostSpec } from './definitions.ts'
import { createNodeControl } from './private-node/control.ts'
import { folderFailure, nodeFailure } from './private-node/failures.ts'
import { type Launched, launch } from './private-node/launch.ts'
import { probePort } from './private-node/ports.ts'
import {
  type NodePorts,
  nodeEnvironment,
  settingsFiles,
  settingsFolders,
  type TlsListener,
} from './private-node/settings.ts'
import type { BrokerUser } from './users.ts'

export interface PrivateNodeOptions {
  /** The node's own folder; made when absent. */
  readonly dataDir: string
  /** On loopback. A function is asked at each try, once the folder is ours: an earlier node has given its port back by then. */
  readonly amqpPort: number | (() => Promise<number>)
  /** On loopback, for Erlang only; a free one unless said, asked for at each try. */
  readonly distPort?: () => Promise<number>
  readonly definitions: Definitions
  readonly log: Log
  /** A second listener for hosts outside. */
  readonly tls?: TlsListener
  /** Of RabbitMQ. What spreads messages over shards, unless said. */
  readonly plugins?: readonly string[]
  /** Milliseconds after which the node takes an unacknowledged delivery away; its own 30 minutes unless said. */
  readonly consumerTimeoutMs?: number
  /** How long to wait for an earlier node of this folder to end. 30 s unless said. */
  readonly lockWaitMs?: number
}

export interface PrivateNode {
  /** `amqp://127.0.0.1:<port>`, without a credential. */
  readonly url: string
  /** Of the Erlang node. */
  readonly pid: number
  /** Resolves when the node has ended, by `close` or by itself. */
  readonly closed: Promise<void>
  /** Adds users or replaces them, and vhosts with exchanges, without a restart; takes a second or two. */
  putUsers(users: readonly BrokerUser[], vhosts?: readonly VhostSpec[]): Promise<void>
  removeUser(name: string): Promise<void>
  /** Stops the node in order. Safe to call twice. */
  close(): Promise<void>
}

const serverProgram = '/usr/lib/rabbitmq/bin/rabbitmq-server'
const defaultPlugins = ['rabbitmq_random_exchange']
/** RabbitMQ takes no message with less than 200 MB free (`disk_free_limit`). */
const minFreeBytes = 256 * 1024 ** 2
/** A port is free when it is chosen; the node takes it seconds later, and on a busy host somebody else may be first. */
const portTries = 3

async function checkProgram(): Promise<void> {
  try {
    await access(serverProgram, constants.X_OK)
  } catch (cause) {
    throw nodeFailure(
      'broker_missing',
      `RabbitMQ is not installed (${serverProgram}): install the package rabbitmq-server, or set WARREN_AMQP_URL`,
      cause,
    )
  }
}

const toMib = (bytes: number): number => Math.floor(bytes / 1024 ** 2)

async function prepareFolder(dataDir: string): Promise<void> {
  let freeBytes: number
  try {
    for (const folder of settingsFolders)
      await mkdir(join(dataDir, folder), { recursive: true, mode: 0o700 })
    await chmod(dataDir, 0o700)
    const { bavail, bsize } = await statfs(dataDir)
    freeBytes = bavail * bsize
  } catch (error) {
    throw folderFailure(dataDir, error)
  }
  if (freeBytes < minFreeBytes)
    throw nodeFailure(
      'disk_full',
      `no space left for the broker's data in ${dataDir}: it needs ${toMib(minFreeBytes)} MiB, ${toMib(freeBytes)} MiB is free`,
    )
}

/** Called when the folder is ours: an earlier node has given its ports back by then. */
async function choosePorts(options: PrivateNodeOptions): Promise<NodePorts> {
  const { amqpPort } = options
  const amqp = await probePort(typeof amqpPort === 'number' ? amqpPort : await amqpPort())
  if (options.tls !== undefined) await probePort(options.tls.port, options.tls.host)
  const dist = (await options.distPort?.()) ?? (await probePort(0))
  const epmd = await probePort(0)
  return { amqp, dist, epmd }
}

async function writeSettings(options: PrivateNodeOptions, ports: NodePorts): Promise<void> {
  const { dataDir, definitions, tls, plugins = defaultPlugins, consumerTimeoutMs } = options
  const given = { dataDir, ports, definitions, tls, plugins, consumerTimeoutMs }
  try {
    for (const [name, text] of settingsFiles(given))
      await writeFile(join(dataDir, name), text, { mode: 0o600 })
  } catch (error) {
    throw folderFailure(dataDir, error)
  }
}

/** Launches the node; with other ports when it found one of them taken. */
async function launchWithPorts(options: PrivateNodeOptions, tries: number): Promise<Launched> {
  const { dataDir, log, lockWaitMs = 30_000 } = options
  try {
    return await launch({
      dataDir,
      program: serverProgram,
      lockWaitMs,
      prepare: async () => {
        const ports = await choosePorts(options)
        await writeSettings(options, ports)
        return { port: ports.amqp, environment: nodeEnvironment(dataDir, ports) }
      },
    })
  } catch (error) {
    if (tries <= 1 || !hasCode(error, 'port_lost')) throw error
    log.warn('broker node lost a port to another program: it starts again', {
      reason: error.message,
    })
    return launchWithPorts(options, tries - 1)
  }
}

/** Starts a RabbitMQ node and an epmd of our own as children that end with us, however we end. Throws a fatal `WarrenError`: `port_taken`, `broker_missing`, `data_folder`, `disk_full`, `already_running`, `broker_failed`, `port_lost` (again and again). */
export async function startPrivateNode(given: PrivateNodeOptions): Promise<PrivateNode> {
  const options = { ...given, dataDir: resolve(given.dataDir) }
  const { dataDir, log } = options
  await checkProgram()
  await prepareFolder(dataDir)
  const launched = await launchWithPorts(options, portTries)
  const { port } = launched
  log.info('broker node started', { pid: launched.pid, port })
  const control = createNodeControl(launched.environment)
  return {
    url: `amqp://127.0.0.1:${port}`,
    pid: launched.pid,
    closed: launched.closed,
    putUsers: control.putUsers,
    removeUser: control.removeUser,
    close: launched.close,
  }
}
