import { readFileSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SenderUsers } from '@warren/api/routes/broker-senders'
import type { TapUsers } from '@warren/api/taps/tap-broker'
import { outsideUrl } from '@warren/broker/connection'
import { toDefinitions, type VhostSpec } from '@warren/broker/definitions'
import { type PrivateNode, startPrivateNode } from '@warren/broker/private-node'
import { type BrokerUser, type Credential, internalUser } from '@warren/broker/users'
import { cloudifyExchanges } from '@warren/contracts/cloudify'
import type { Health } from '@warren/contracts/http/status'
import { storageTopology } from '@warren/contracts/shards'
import { deadLetterQueue, defaultQueueBytes, warrenExchanges } from '@warren/contracts/topology'
import { backoffMs } from '@warren/platform/backoff'
import { reasonOf } from '@warren/platform/errors'
import { createTurns } from '@warren/platform/in-turn'
import type { Log } from '@warren/platform/log'
import { type BrokerUsers, openBrokerUsers } from './broker-users.ts'
import { rememberedPort } from './ports.ts'
import { toUrlHost } from './reachable-host.ts'

export interface SenderAddress {
  readonly url: string
  readonly user: string
  readonly secret: string
}

/** The broker that `up` uses: a node of its own, or one behind an address. */
export interface UpBroker {
  /** With the credential of Warren's services. */
  readonly url: string
  /** With the credential of this host's agent. */
  readonly agentUrl: string
  /** Bytes that each storage queue may hold. */
  readonly queueBytes: number
  /** Absent behind an address: AMQP cannot make users. */
  readonly createAmqpUser?: (wish: { tenant: string; name: string }) => Promise<SenderAddress>
  /** Absent behind an address, likewise. */
  readonly createCloudifyUser?: (user: BrokerUser) => Promise<void>
  /** Absent behind an address, likewise. */
  readonly senderUsers?: SenderUsers
  /** Absent behind an address, likewise. */
  readonly tapUsers?: TapUsers
  /** Where programs outside reach it, without a credential. */
  readonly outsideUrl: string
  /** Whether it answered at the start. */
  readonly isThere: boolean
  health(): readonly Health[]
  close(): Promise<void>
}

export interface BrokerTls {
  readonly host: string
  readonly port: number
  readonly certFile: string
  readonly keyFile: string
  readonly caFile?: string
}

export interface PrivateBrokerOptions {
  readonly folder: string
  /** Undefined: a free one, remembered. */
  readonly port: number | undefined
  readonly tls: BrokerTls | undefined
  /** Storage queues of each stream. */
  readonly shards: number
  readonly log: Log
}

function withCredential(
  url: string,
  { name, password }: { name: string; password: string },
): string {
  const full = new URL(url)
  full.username = encodeURIComponent(name)
  full.password = encodeURIComponent(password)
  return full.href
}

/** The smaller of 20 GiB and half of what the disk has free at the first start: a queue keeps the arguments that it was declared with. */
function queueBytesOn(folder: string): number {
  const file = join(folder, 'queue-bytes')
  try {
    const bytes = Number(readFileSync(file, 'utf8'))
    if (Number.isSafeInteger(bytes) && bytes > 0) return bytes
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  const { bavail, bsize } = statfsSync(folder)
  const bytes = Math.min(defaultQueueBytes, Math.floor((bavail * bsize) / 2))
  writeFileSync(file, `${bytes}\n`, { mode: 0o600 })
  return bytes
}

/** Keeps a node running: one that ends by itself is started again with back-off, on the same folder and port. */
async function keepRunning(start: () => Promise<PrivateNode>, log: Log) {
  let node = await start()
  let health: Health = {
    part: 'broker node',
    state: 'green',
    reason: null,
    since: new Date().toISOString(),
  }
  const stopping = new AbortController()
  let closing = false
  const set = (state: Health['state'], reason: string | null) => {
    health = { part: 'broker node', state, reason, since: new Date().toISOString() }
  }
  async function again(): Promise<void> {
    for (let attempt = 0; !closing; attempt++) {
      const waitMs = backoffMs(attempt, { firstMs: 500, maxMs: 30_000 })
      await sleep(waitMs, undefined, { signal: stopping.signal }).catch(() => undefined)
      if (closing) return
      try {
        node = await start()
        set('green', null)
        return
      } catch (error) {
        set('red', `${reasonOf(error)}; it is started again with back-off`)
        log.error('the broker node did not start', { error: reasonOf(error) })
      }
    }
  }
  async function watch(): Promise<void> {
    while (!closing) {
      await node.closed
      if (closing) return
      set('red', 'RabbitMQ ended by itself; it is being started again')
      log.error('the broker node ended by itself')
      await again()
    }
  }
  const watching = watch()
  return {
    node: () => node,
    health: () => [health],
    async close() {
      closing = true
      stopping.abort()
      await node.close()
      await watching
      await node.close()
    },
  }
}

const vhostSpec = (name: string): VhostSpec => ({ name, exchanges: cloudifyExchanges })

/** The users of senders, made and removed one after the other: two of one name at once would leave one of them with a secret that is none. */
function senderUsersOf(node: () => PrivateNode, users: BrokerUsers) {
  const inTurn = createTurns()
  /** Kept first: what the node has and the file has not could be neither listed nor revoked. */
  const make = async (user: BrokerUser, put: () => Promise<void>): Promise<void> => {
    users.keep(user)
    try {
      await put()
    } catch (error) {
      // It may have been made all the same, as where only the answer came too late.
      await node()
        .removeUser(user.name)
        .catch(() => undefined)
      users.forget(user.name)
      throw error
    }
  }
  return {
    create: (tenant: string, name: string): Promise<Credential> =>
      inTurn(async () => {
        const { user, credential } = users.newSender(tenant, name)
        await make(user, () => node().putUsers([user]))
        return credential
      }),
    /** Before it its vhost with Cloudify's exchanges, and Warren's own right there. */
    createCloudify: (user: BrokerUser): Promise<void> =>
      inTurn(() => {
        const { vhost = '/' } = user
        const own = vhost === '/' ? [] : [{ ...internalUser(users.internal), vhost }]
        return make(user, () => node().putUsers([...own, user], [vhostSpec(vhost)]))
      }),
    remove: (name: string): Promise<void> =>
      inTurn(async () => {
        await node().removeUser(name)
        users.forget(name)
      }),
  }
}

function definitionsOf(users: BrokerUsers, shards: number, maxBytes: number) {
  const storage = storageTopology({ shards, maxBytes })
  return toDefinitions({
    users: users.all(),
    exchanges: [...warrenExchanges, ...storage.exchanges, ...cloudifyExchanges],
    vhosts: users.vhosts().map(vhostSpec),
    queues: [...storage.queues, deadLetterQueue],
  })
}

/** Starts a RabbitMQ node of Warren's own: private folder, generated users, loopback unless TLS is set up. */
export async function startPrivateBroker({
  folder,
  port,
  tls,
  shards,
  log,
}: PrivateBrokerOptions): Promise<UpBroker> {
  // Asked at the first start only: services keep the address of a node that is started again.
  let amqpPort: number | (() => Promise<number>) =
    port ?? (() => rememberedPort(join(folder, 'port'), '127.0.0.1'))
  const users = openBrokerUsers(folder)
  const queueBytes = queueBytesOn(folder)
  const running = await keepRunning(async () => {
    const node = await startPrivateNode({
      dataDir: join(folder, 'node'),
      amqpPort,
      definitions: definitionsOf(users, shards, queueBytes),
      log,
      ...(tls === undefined ? {} : { tls }),
    })
    amqpPort = Number(new URL(node.url).port)
    return node
  }, log)
  const senders = senderUsersOf(running.node, users)
  const url = running.node().url
  const reached = tls === undefined ? url : `amqps://${toUrlHost(tls.host)}:${tls.port}`
  return {
    isThere: true,
    outsideUrl: reached,
    createCloudifyUser: senders.createCloudify,
    senderUsers: { names: users.senderNames, remove: senders.remove },
    tapUsers: {
      put: async (taps) => {
        await running.node().putUsers(taps)
        users.keepTaps(taps)
      },
      remove: async (name) => {
        await running.node().removeUser(name)
        users.forgetTap(name)
      },
      names: users.tapNames,
    },
    url: withCredential(url, users.internal),
    agentUrl: withCredential(url, users.agent),
    queueBytes,
    createAmqpUser: async ({ tenant, name }) => {
      const credential = await senders.create(tenant, name)
      return { url: reached, user: credential.name, secret: credential.password }
    },
    health: running.health,
    close: running.close,
  }
}

/** A broker that somebody else runs. */
export const brokerAt = (url: string, isThere: boolean): UpBroker => ({
  isThere,
  url,
  agentUrl: url,
  outsideUrl: outsideUrl(url),
  queueBytes: defaultQueueBytes,
  health: () => [],
  close: async () => undefined,
})
