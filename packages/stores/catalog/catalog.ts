import type { NewLimits } from '@warren/contracts/http/limits'
import type { Role } from '@warren/contracts/http/sessions'
import type { MetricMetadata } from '@warren/contracts/metric-metadata'
import type { TapSpec } from '@warren/contracts/taps'
import type { DeadLetters } from './dead-letter-store.ts'
import type { Page, PageRequest } from './page.ts'
import type { DeadLetterReplays } from './replay-store.ts'

export interface User {
  readonly name: string
  /** argon2id in PHC form. */
  readonly passwordHash: string
  readonly role: Role
  readonly tenant: string
  readonly failedSignIns: number
  readonly lockedUntil: Date | null
}

export interface Users {
  find(name: string): Promise<User | undefined>
  /** Creates or replaces; resets lock-out. */
  put(user: Pick<User, 'name' | 'passwordHash' | 'role' | 'tenant'>): Promise<void>
  /** Counts one failure, in one statement; locks until `lockUntil` once `failures` have been counted since the last success. */
  countFailure(name: string, lock: { failures: number; lockUntil: Date }): Promise<void>
  resetFailures(name: string): Promise<void>
}

export interface StoredSession {
  /** SHA-256 of the cookie's secret. */
  readonly secretHash: Uint8Array
  readonly user: string
  readonly expiresAt: Date
}

export interface Sessions {
  create(session: StoredSession): Promise<void>
  /** Undefined when absent or expired. */
  find(secretHash: Uint8Array): Promise<StoredSession | undefined>
  remove(secretHash: Uint8Array): Promise<void>
  removeOf(user: string): Promise<void>
}

export interface StoredToken {
  readonly id: string
  readonly secretHash: Uint8Array
  readonly name: string
  readonly role: Role
  readonly tenant: string
  /** Its queries are those of alert rules. */
  readonly isAlerting: boolean
  /** The only ones whose data it may read; undefined: all of the tenant's. */
  readonly deployments: readonly string[] | undefined
  readonly createdAt: Date
  readonly expiresAt: Date
  readonly lastUsedAt: Date | null
}

export interface Tokens {
  create(token: StoredToken): Promise<void>
  /** Undefined when absent or expired. */
  findBySecret(secretHash: Uint8Array): Promise<StoredToken | undefined>
  list(tenant: string, page: PageRequest): Promise<Page<StoredToken>>
  /** False when the tenant has no such token. */
  remove(tenant: string, id: string): Promise<boolean>
  touch(id: string, usedAt: Date): Promise<void>
}

export interface Tenants {
  list(): Promise<readonly string[]>
  has(name: string): Promise<boolean>
  /** Leaves an existing one as it is. */
  ensure(name: string): Promise<void>
}

export interface StoredTap extends TapSpec {
  /** RabbitMQ's hash of its user's password; null where somebody else makes the user. */
  readonly passwordHash: string | null
  readonly createdAt: Date
  /** When a consumer was last seen. */
  readonly usedAt: Date | null
}

export interface Taps {
  /** `exists`: the tenant has one of this name; `full`: it has as many as it may. Creations at once do not pass the limit. */
  create(tap: StoredTap, maxOfTenant: number): Promise<'created' | 'exists' | 'full'>
  /** By tenant and name; undefined: of every tenant. A tenant's limit bounds it. */
  list(tenant: string | undefined): Promise<readonly StoredTap[]>
  /** False when the tenant has no such tap. */
  remove(tenant: string, name: string): Promise<boolean>
  touch(tenant: string, name: string, usedAt: Date): Promise<void>
}

/** Deployments whose Cloudify agents a tenant takes messages from. */
export interface CloudifyDeployments {
  /** Those that are there stay. `*` stands for every deployment. */
  add(tenant: string, deployments: readonly string[]): Promise<void>
  has(tenant: string, deployment: string): Promise<boolean>
  /** Tenants that have any. */
  tenants(): Promise<readonly string[]>
}

/** Whole days that a tenant keeps. */
export interface RetentionPolicy {
  readonly metricsDays: number
  /** Of rollups to 5 minutes and to 1 hour. */
  readonly metrics5mDays: number
  readonly metrics1hDays: number
  readonly logsDays: number
}

export interface RetentionPolicies {
  /** The default's where the tenant has none of its own. */
  of(tenant: string): Promise<RetentionPolicy>
  put(tenant: string, policy: RetentionPolicy): Promise<void>
}

export interface ChangedLimits {
  readonly tenant: string
  /** Undefined: it has none any more. */
  readonly limits: NewLimits | undefined
  /** Grows with each change. bigint: a string in JavaScript. */
  readonly seq: string
}

/** Limits of queries, by tenant; `*` stands for every tenant that has none of its own. */
export interface QueryLimits {
  /** Empty and version 0 where there are none. */
  of(tenant: string): Promise<{ readonly limits: NewLimits; readonly version: number }>
  /** The new version; undefined when the present one is another. */
  put(tenant: string, limits: NewLimits, version: number): Promise<number | undefined>
  /** False when the present version is another. */
  remove(tenant: string, version: number): Promise<boolean>
  /** Every change after it, oldest first, a bounded number at once. `0` at first. */
  changedSince(seq: string): Promise<readonly ChangedLimits[]>
}

/** Who says what a field means. */
export type MetadataSource = 'rules' | 'sender' | 'builtIn'

/** What fields of measurements mean. */
export interface MetricMetadataStore {
  /** Keeps what a sender says, instead of what senders said of these fields before. `full`, with nothing kept: the tenant's senders would describe more fields than this. */
  put(
    tenant: string,
    entries: readonly MetricMetadata[],
    maxNames: number,
  ): Promise<'kept' | 'full'>
  /** Everything that this source says for the tenant. Rows that stay the same are not written. */
  replace(
    tenant: string,
    source: Exclude<MetadataSource, 'sender'>,
    entries: readonly MetricMetadata[],
  ): Promise<void>
  /** By measurement and field; of unit, mtype and what each as the rules say, else the sender, else what is built in. */
  list(
    filter: { readonly tenant: string; readonly measurement: string | undefined },
    page: PageRequest,
  ): Promise<Page<MetricMetadata>>
}

export interface SeenHashes {
  /** Since 1970. */
  readonly day: number
  readonly hashes: Uint8Array
}

/** Series that pollers have seen, as they hash them. */
export interface SeenSeries {
  append(tenant: string, seen: SeenHashes): Promise<void>
  /** What was appended for this day or later, oldest first, a bounded number at once; empty after the last. `after` is the `seq` of the last one read, `0` at first. */
  read(
    tenant: string,
    from: { readonly day: number; readonly after: string },
  ): Promise<readonly (SeenHashes & { readonly seq: string })[]>
  /** Of every tenant. */
  forget(beforeDay: number): Promise<void>
}

/** What Warren remembers beside metrics and logs: PostgreSQL, external or embedded. Every method throws a `WarrenError` (`retry` while the server is away). */
export interface Catalog {
  readonly users: Users
  readonly sessions: Sessions
  readonly tokens: Tokens
  readonly tenants: Tenants
  readonly deadLetters: DeadLetters
  readonly deadLetterReplays: DeadLetterReplays
  readonly taps: Taps
  readonly cloudifyDeployments: CloudifyDeployments
  readonly retention: RetentionPolicies
  readonly queryLimits: QueryLimits
  readonly metricMetadata: MetricMetadataStore
  readonly seenSeries: SeenSeries
  check(): Promise<void>
  /** Safe to call twice. */
  close(): Promise<void>
}
