import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type BrokerUser,
  type Credential,
  internalUser,
  newPassword,
  senderUser,
  senderUserName,
} from '@warren/broker/users'
import { defaultTenant } from '@warren/contracts/names'
import { WarrenError } from '@warren/platform/errors'
import { z } from 'zod'
import { replaceFile } from '../data-folder/replace-file.ts'

const credentialSchema = z.object({ name: z.string(), password: z.string() })

const userSchema = z.object({
  name: z.string(),
  vhost: z.string().optional(),
  passwordHash: z.string(),
  configure: z.string(),
  write: z.string(),
  read: z.string(),
  topics: z.array(z.object({ exchange: z.string(), write: z.string() })),
  limits: z.object({ 'max-connections': z.number(), 'max-channels': z.number() }).optional(),
})

const fileSchema = z.object({
  /** Of Warren's own services. */
  internal: credentialSchema,
  /** Of this host's agent. */
  agent: credentialSchema,
  /** Users made for senders outside, with the hash of their password only. */
  senders: z.array(userSchema),
  /** Vhosts of senders, besides `/`: the poller consumes them also when their last sender is revoked. */
  vhosts: z.array(z.string()).default([]),
  /** Users of taps; the catalog says which there are to be. */
  taps: z.array(userSchema).default([]),
})

type Users = z.infer<typeof fileSchema>

const fileOf = (folder: string): string => join(folder, 'users.json')

const toKept = (user: BrokerUser): Users['senders'][number] => ({
  ...user,
  topics: [...user.topics],
})

const write = (folder: string, users: Users): void =>
  replaceFile(fileOf(folder), JSON.stringify(users))

function read(folder: string): Users {
  try {
    return fileSchema.parse(JSON.parse(readFileSync(fileOf(folder), 'utf8')))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  const users: Users = {
    internal: { name: 'warren', password: newPassword() },
    agent: { name: `agent-${defaultTenant}`, password: newPassword() },
    senders: [],
    vhosts: [],
    taps: [],
  }
  write(folder, users)
  return users
}

/** The users of the private node: generated at the first start, kept in a file that only Warren reads, loaded by the node at each start. */
export interface BrokerUsers {
  readonly internal: Credential
  readonly agent: Credential
  all(): BrokerUser[]
  /** A user that may write one tenant's metrics and logs, not kept yet. */
  newSender(tenant: string, name: string): { user: BrokerUser; credential: Credential }
  /** Of senders, and of those that were revoked, besides `/`. */
  vhosts(): readonly string[]
  senderNames(): readonly string[]
  /** Keeps a new sender. Throws `sender_exists` (reject) when its name is taken: that one's secret is in use. Throws, and nothing is changed, when it cannot be written; so do the other changes. */
  keep(user: BrokerUser): void
  /** Forgets a sender that the node has no more. */
  forget(name: string): void
  tapNames(): readonly string[]
  /** Keeps users of taps that the node has taken, in place of those of the same names. */
  keepTaps(taps: readonly BrokerUser[]): void
  /** Forgets the user of a tap that the node has no more. */
  forgetTap(name: string): void
}

export function openBrokerUsers(folder: string): BrokerUsers {
  let users = read(folder)
  /** On disk first: what is not kept there is not to be believed here. */
  const change = (changed: Partial<Users>): void => {
    const next = { ...users, ...changed }
    write(folder, next)
    users = next
  }
  const vhosts = (): readonly string[] => {
    const named = users.senders.map(({ vhost = '/' }) => vhost)
    return [...new Set([...users.vhosts, ...named])].filter((vhost) => vhost !== '/')
  }
  return {
    vhosts,
    internal: users.internal,
    agent: users.agent,
    all: () => [
      internalUser(users.internal),
      ...vhosts().map((vhost) => ({ ...internalUser(users.internal), vhost })),
      senderUser(users.agent, defaultTenant),
      ...users.senders,
      ...users.taps,
    ],
    newSender(tenant, name) {
      const credential = { name: senderUserName.amqp(tenant, name), password: newPassword() }
      return { user: senderUser(credential, tenant), credential }
    },
    keep(user) {
      if (users.senders.some(({ name }) => name === user.name))
        throw new WarrenError(`a sender named "${user.name}" exists already: choose another name`, {
          code: 'sender_exists',
          disposition: 'reject',
        })
      change({ senders: [...users.senders, toKept(user)] })
    },
    senderNames: () => users.senders.map(({ name }) => name),
    forget(gone) {
      change({
        senders: users.senders.filter(({ name }) => name !== gone),
        vhosts: [...vhosts()],
      })
    },
    tapNames: () => users.taps.map(({ name }) => name),
    keepTaps(taps) {
      const names = new Set(taps.map(({ name }) => name))
      const others = users.taps.filter(({ name }) => !names.has(name))
      change({ taps: [...others, ...taps.map(toKept)] })
    },
    forgetTap(gone) {
      change({ taps: users.taps.filter(({ name }) => name !== gone) })
    },
  }
}
