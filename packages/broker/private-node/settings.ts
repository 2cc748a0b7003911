import { join } from 'node:path'
import type { Definitions } from '../definitions.ts'

export interface TlsListener {
  /** Address to listen on, e.g. `0.0.0.0`. */
  readonly host: string
  readonly port: number
  /** Paths of PEM files. */
  readonly certFile: string
  readonly keyFile: string
  /** Authorities between the certificate and one that senders know. */
  readonly caFile?: string
}

export interface NodePorts {
  readonly amqp: number
  readonly dist: number
  readonly epmd: number
}

const nodeName = 'warren@localhost'

/** Above it the broker blocks publishers, who then spool. */
const memoryLimit = '320MB'
/** Recent messages of all quorum queues live in memory until this much was logged; 512 MB is RabbitMQ's own choice. */
const walBytes = 32 * 1024 ** 2
const maxMessageBytes = 16 * 1024 ** 2

/** Few schedulers and small initial heaps: the node carries batches, not a million small messages. */
const erlangArgs =
  '+S 2:2 +SDio 4 +A 4 +MBacul 0 +hmbs 32768 -kernel inet_dist_use_interface {127,0,0,1}'

const tlsLines = ({ host, port, certFile, keyFile, caFile }: TlsListener): string[] => [
  `listeners.ssl.1 = ${host}:${port}`,
  `ssl_options.certfile = ${certFile}`,
  `ssl_options.keyfile = ${keyFile}`,
  ...(caFile === undefined ? [] : [`ssl_options.cacertfile = ${caFile}`]),
  // Senders prove themselves by name and password.
  'ssl_options.verify = verify_none',
  'ssl_options.fail_if_no_peer_cert = false',
  'ssl_options.versions.1 = tlsv1.3',
  'ssl_options.versions.2 = tlsv1.2',
]

/** `rabbitmq.conf` (https://www.rabbitmq.com/docs/configure). */
const configuration = (port: number, definitions: string, tls: TlsListener | undefined): string =>
  [
    `listeners.tcp.1 = 127.0.0.1:${port}`,
    ...(tls === undefined ? [] : tlsLines(tls)),
    `load_definitions = ${definitions}`,
    `vm_memory_high_watermark.absolute = ${memoryLimit}`,
    'disk_free_limit.absolute = 200MB',
    `raft.wal_max_size_bytes = ${walBytes}`,
    `max_message_size = ${maxMessageBytes}`,
    'heartbeat = 20',
    'log.console = false',
    'log.file.level = warning',
    'log.file.rotation.size = 10485760',
    'log.file.rotation.count = 2',
    '',
  ].join('\n')

/** Looks as often as the timeout is long, not once a minute as without. */
const advanced = (consumerTimeoutMs: number | undefined): string =>
  consumerTimeoutMs === undefined
    ? '[].\n'
    : `[{rabbit, [{consumer_timeout, ${consumerTimeoutMs}}, {channel_tick_interval, ${consumerTimeoutMs}}]}].\n`

export interface NodeSettings {
  readonly dataDir: string
  readonly ports: NodePorts
  readonly definitions: Definitions
  readonly tls: TlsListener | undefined
  readonly plugins: readonly string[]
  readonly consumerTimeoutMs: number | undefined
}

/** Every file that the node reads, by its path below `dataDir`, with its content. */
export const settingsFiles = ({
  dataDir,
  ports,
  definitions,
  tls,
  plugins,
  consumerTimeoutMs,
}: NodeSettings): ReadonlyMap<string, string> =>
  new Map([
    ['rabbitmq.conf', configuration(ports.amqp, join(dataDir, 'definitions.json'), tls)],
    ['advanced.config', advanced(consumerTimeoutMs)],
    ['enabled_plugins', `[${plugins.join(',')}].\n`],
    ['rabbitmq-env.conf', ''],
    ['definitions.json', JSON.stringify(definitions)],
  ])

export const settingsFolders = ['home', 'mnesia', 'log', 'generated'] as const

/** The environment of the node and of `rabbitmqctl` for it. */
export const nodeEnvironment = (dataDir: string, ports: NodePorts): Record<string, string> => ({
  ERL_EPMD_PORT: String(ports.epmd),
  ERL_EPMD_ADDRESS: '127.0.0.1',
  HOME: join(dataDir, 'home'),
  LANG: 'C.UTF-8',
  // A crash dump may hold credentials and fill the disk.
  ERL_CRASH_DUMP_SECONDS: '0',
  RABBITMQ_NODENAME: nodeName,
  RABBITMQ_CONF_ENV_FILE: join(dataDir, 'rabbitmq-env.conf'),
  RABBITMQ_CONFIG_FILE: join(dataDir, 'rabbitmq.conf'),
  RABBITMQ_ADVANCED_CONFIG_FILE: join(dataDir, 'advanced.config'),
  RABBITMQ_ENABLED_PLUGINS_FILE: join(dataDir, 'enabled_plugins'),
  RABBITMQ_MNESIA_BASE: join(dataDir, 'mnesia'),
  RABBITMQ_LOG_BASE: join(dataDir, 'log'),
  RABBITMQ_GENERATED_CONFIG_DIR: join(dataDir, 'generated'),
  RABBITMQ_PID_FILE: join(dataDir, 'rabbitmq.pid'),
  RABBITMQ_DIST_PORT: String(ports.dist),
  RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: erlangArgs,
  // Makes the start script exec the node instead of standing between it and us as a second shell.
  RUNNING_UNDER_SYSTEMD: 'true',
})
