/** The statements of InfluxQL 1.8; grammar: https://github.com/influxdata/influxql/blob/master/README.md */
import type { Expr } from './expression.ts'

/** `db.rp.name`; an absent part is the default one. Exactly one of name, regex and target. */
export interface Measurement {
  readonly kind: 'measurement'
  readonly database?: string
  readonly policy?: string
  readonly name?: string
  /** RE2 source, without slashes. */
  readonly regex?: string
  /** `:MEASUREMENT`, in INTO only: the name of the source. */
  readonly target?: boolean
}

export interface Subquery {
  readonly kind: 'subquery'
  readonly select: SelectStatement
}

export type Source = Measurement | Subquery

export interface Field {
  readonly expr: Expr
  readonly alias?: string
}

export type Fill =
  | { readonly kind: 'null' | 'none' | 'previous' | 'linear' }
  | { readonly kind: 'number'; readonly value: number | bigint }

export interface SortField {
  /** Absent: `ORDER BY DESC`. */
  readonly name?: string
  readonly ascending: boolean
}

/** 0 is no limit, as in the reference. */
export interface Paging {
  readonly limit: number
  readonly offset: number
}

export interface SelectStatement extends Paging {
  readonly kind: 'select'
  readonly fields: readonly Field[]
  readonly into?: Measurement
  readonly sources: readonly Source[]
  readonly condition?: Expr
  readonly dimensions: readonly Expr[]
  readonly fill: Fill
  readonly sortFields: readonly SortField[]
  readonly seriesLimit: number
  readonly seriesOffset: number
  /** IANA name of `tz()`. */
  readonly timeZone?: string
}

export interface ExplainStatement {
  readonly kind: 'explain'
  readonly analyze: boolean
  readonly verbose: boolean
  readonly select: SelectStatement
}

interface ShowPart extends Paging {
  readonly database?: string
  readonly sources: readonly Measurement[]
  readonly condition?: Expr
  readonly sortFields: readonly SortField[]
}

export interface ShowMeasurementsStatement extends Paging {
  readonly kind: 'show measurements'
  readonly database?: string
  readonly policy?: string
  readonly anyDatabase: boolean
  readonly anyPolicy: boolean
  readonly source?: Measurement
  readonly condition?: Expr
  readonly sortFields: readonly SortField[]
}

/** The key that SHOW TAG KEYS and SHOW TAG VALUES ask for. */
export type KeyFilter =
  | { readonly kind: 'equal' | 'not equal'; readonly key: string }
  | { readonly kind: 'match' | 'no match'; readonly regex: string }
  | { readonly kind: 'in'; readonly keys: readonly string[] }

export interface ShowTagKeysStatement extends ShowPart {
  readonly kind: 'show tag keys'
  readonly seriesLimit: number
  readonly seriesOffset: number
  readonly filter?: KeyFilter
}

export interface ShowTagValuesStatement extends ShowPart {
  readonly kind: 'show tag values'
  readonly filter: KeyFilter
}

export interface ShowFieldKeysStatement extends Paging {
  readonly kind: 'show field keys'
  readonly database?: string
  readonly sources: readonly Measurement[]
  readonly sortFields: readonly SortField[]
}

export interface ShowSeriesStatement extends ShowPart {
  readonly kind: 'show series'
}

export interface ShowCardinalityStatement extends Paging {
  readonly kind: 'show cardinality'
  readonly of: 'series' | 'measurement' | 'tag key' | 'tag values' | 'field key'
  readonly exact: boolean
  readonly database?: string
  readonly sources: readonly Measurement[]
  /** For `tag values` only. */
  readonly filter?: KeyFilter
  readonly condition?: Expr
  readonly dimensions: readonly Expr[]
}

/** SHOW statements without clauses. */
export interface ShowPlainStatement {
  readonly kind:
    | 'show continuous queries'
    | 'show queries'
    | 'show shard groups'
    | 'show shards'
    | 'show subscriptions'
    | 'show users'
}

export interface ShowDatabasesStatement {
  readonly kind: 'show databases'
}

export interface ShowRetentionPoliciesStatement {
  readonly kind: 'show retention policies'
  readonly database?: string
}

export interface ShowGrantsStatement {
  readonly kind: 'show grants'
  readonly user: string
}

export interface ShowServerStatement {
  readonly kind: 'show diagnostics' | 'show stats'
  readonly module?: string
}

export interface DeleteStatement {
  readonly kind: 'delete' | 'drop series'
  readonly sources: readonly Measurement[]
  readonly condition?: Expr
}

/** Durations in nanoseconds; absent: not given. */
export interface PolicyOptions {
  readonly durationNs?: bigint
  readonly replication?: number
  readonly shardDurationNs?: bigint
  readonly futureLimitNs?: bigint
  readonly pastLimitNs?: bigint
  readonly isDefault?: boolean
}

export interface CreateDatabaseStatement extends PolicyOptions {
  readonly kind: 'create database'
  readonly name: string
  /** True with a WITH clause. */
  readonly hasPolicy: boolean
  readonly policy?: string
}

export interface RetentionPolicyStatement extends PolicyOptions {
  readonly kind: 'create retention policy' | 'alter retention policy'
  readonly name: string
  readonly database: string
}

export interface CreateContinuousQueryStatement {
  readonly kind: 'create continuous query'
  readonly name: string
  readonly database: string
  readonly everyNs?: bigint
  readonly forNs?: bigint
  readonly select: SelectStatement
}

export interface CreateUserStatement {
  readonly kind: 'create user'
  readonly name: string
  readonly password: string
  readonly admin: boolean
}

export interface SetPasswordStatement {
  readonly kind: 'set password'
  readonly name: string
  readonly password: string
}

export interface CreateSubscriptionStatement {
  readonly kind: 'create subscription'
  readonly name: string
  readonly database: string
  readonly policy: string
  readonly mode: 'ALL' | 'ANY'
  readonly destinations: readonly string[]
}

/** Statements that end the life of a named thing. */
export interface DropNamedStatement {
  readonly kind: 'drop database' | 'drop measurement' | 'drop user'
  readonly name: string
}

export interface DropInDatabaseStatement {
  readonly kind: 'drop continuous query' | 'drop retention policy'
  readonly name: string
  readonly database: string
}

export interface DropSubscriptionStatement {
  readonly kind: 'drop subscription'
  readonly name: string
  readonly database: string
  readonly policy: string
}

export interface DropShardStatement {
  readonly kind: 'drop shard'
  readonly id: bigint
}

export interface PrivilegeStatement {
  readonly kind: 'grant' | 'revoke'
  readonly privilege: 'READ' | 'WRITE' | 'ALL PRIVILEGES'
  /** Absent: administrator rights. */
  readonly database?: string
  readonly user: string
}

export interface KillQueryStatement {
  readonly kind: 'kill query'
  readonly id: bigint
  readonly host?: string
}

export type ShowStatement =
  | ShowMeasurementsStatement
  | ShowTagKeysStatement
  | ShowTagValuesStatement
  | ShowFieldKeysStatement
  | ShowSeriesStatement
  | ShowCardinalityStatement
  | ShowPlainStatement
  | ShowDatabasesStatement
  | ShowRetentionPoliciesStatement
  | ShowGrantsStatement
  | ShowServerStatement

export type Statement =
  | SelectStatement
  | ExplainStatement
  | ShowStatement
  | DeleteStatement
  | CreateDatabaseStatement
  | RetentionPolicyStatement
  | CreateContinuousQueryStatement
  | CreateUserStatement
  | SetPasswordStatement
  | CreateSubscriptionStatement
  | DropNamedStatement
  | DropInDatabaseStatement
  | DropSubscriptionStatement
  | DropShardStatement
  | PrivilegeStatement
  | KillQueryStatement
