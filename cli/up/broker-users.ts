import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type BrokerUser,
  type Credential,
  internalUser,
  newPassword,
  senderUser,
} from '@warren/broker/users'
import { defaultTenant } from '@warren/contracts/names'
import { z } from 'zod'

const credentialSchema = z.object({ name: z.string(), password: z.string() })

const fileSchema = z.object({
  /** Of Warren's own services. */
  internal: credentialSchema,
  /** Of this host's agent. */
  agent: credentialSchema,
  /** Users made for senders outside, with the hash of their password only. */
  senders: z.array(
    z.object({
      name: z.string(),
      passwordHash: z.string(),
      configure: z.string(),
      write: z.string(),
      read: z.string(),
      topics: z.array(z.object({ exchange: z.string(), write: z.string() })),
    }),
  ),
})

type Users = z.infer<typeof fileSchema>

const fileOf = (folder: string): string => join(folder, 'users.json')

function write(folder: string, users: Users): void {
  const next = `${fileOf(folder)}.new`
  writeFileSync(next, JSON.stringify(users), { mode: 0o600, flush: true })
  renameSync(next, fileOf(folder))
}

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
  }
  write(folder, users)
  return users
}

/** The users of the private node: generated at the first start, kept in a file that only Warren reads, loaded by the node at each start. */
export interface BrokerUsers {
  readonly internal: Credential
  readonly agent: Credential
  all(): BrokerUser[]
  /** Makes a user that may write one tenant's metrics and logs; a second one of the name replaces the first. */
  addSender(tenant: string, name: string): { user: BrokerUser; credential: Credential }
}

export function openBrokerUsers(folder: string): BrokerUsers {
  const users = read(folder)
  return {
    internal: users.internal,
    agent: users.agent,
    all: () => [
      internalUser(users.internal),
      senderUser(users.agent, defaultTenant),
      ...users.senders,
    ],
    addSender(tenant, name) {
      const credential = { name: `sender-${tenant}-${name}`, password: newPassword() }
      const user = senderUser(credential, tenant)
      const others = users.senders.filter((sender) => sender.name !== user.name)
      users.senders = [...others, { ...user, topics: [...user.topics] }]
      write(folder, users)
      return { user, credential }
    },
  }
}
