import type { DeadLetter } from '@warren/contracts/dead-letter'
import type { Replay } from '@warren/contracts/http/dead-letters'
import type { NewLimits } from '@warren/contracts/http/limits'
import type { Role } from '@warren/contracts/http/sessions'
import type { Generated, JSONColumnType } from 'kysely'
import type { DeadLetterFilter } from './dead-letter-store.ts'

/** The schema as the last migration leaves it. */
export interface CatalogTables {
  users: {
    name: string
    password_hash: string
    role: Role
    tenant: string
    failed_sign_ins: Generated<number>
    locked_until: Date | null
  }
  sessions: { secret_hash: Uint8Array; user_name: string; expires_at: Date }
  tokens: {
    id: string
    secret_hash: Uint8Array
    name: string
    role: Role
    tenant: string
    is_alerting: boolean
    deployments: string[] | null
    created_at: Date
    expires_at: Date
    last_used_at: Date | null
  }
  tenants: { name: string; created_at: Generated<Date> }
  dead_letters: DeadLetterRow
  /** Kept by triggers on `dead_letters`. bigint: strings in JavaScript. */
  dead_letter_totals: { tenant: string; letters: string; bytes: string }
  retention: {
    tenant: string
    metrics_days: number
    logs_days: number
    metrics_5m_days: number
    metrics_1h_days: number
  }
  query_limits: {
    tenant: string
    limits: JSONColumnType<NewLimits> | null
    version: number
    seq: string
  }
  /** Likewise. */
  dead_letter_depths: {
    tenant: string
    stream: DeadLetter['stream']
    code: DeadLetter['code']
    letters: string
    bytes: string
  }
  dead_letter_replays: DeadLetterReplayRow
  metric_metadata: {
    tenant: string
    measurement: string
    field: string
    rank: number
    unit: string | null
    mtype: string | null
    what: string | null
  }
  /** bigint: a string in JavaScript. */
  seen_series: { tenant: string; seq: Generated<string>; day: number; hashes: Uint8Array }
  cloudify_deployments: { tenant: string; deployment: string }
  taps: {
    tenant: string
    name: string
    streams: string[]
    deployment: string | null
    max_bytes: number
    message_ttl_ms: number
    /** bigint: a string in JavaScript. */
    expires_ms: string
    password_hash: string | null
    created_at: Date
    used_at: Date | null
  }
}

export interface DeadLetterRow {
  /** The order of arrival. bigint: a string in JavaScript. */
  seq: Generated<string>
  tenant: string
  id: string
  stream: DeadLetter['stream']
  code: DeadLetter['code']
  reason: string
  first_seen: Date
  last_seen: Date
  attempts: number
  origin_exchange: string
  origin_routing_key: string
  origin_message_id: string
  origin_index: number
  origin_time_ns: string | null
  origin_content_encoding: string | null
  origin_content_type: string | null
  item: Uint8Array
  is_cut: Generated<boolean>
  /** Counts changes. */
  version: Generated<number>
  replay: string | null
  edited_by: Generated<string | null>
  edited_at: Generated<Date | null>
}

export interface DeadLetterReplayRow {
  id: string
  tenant: string
  filter: JSONColumnType<DeadLetterFilter>
  per_second: number
  requested_by: string
  created_at: Date
  ended_at: Date | null
  state: Replay['state']
  reason: string | null
  /** The last letter that was there when it began, by order of arrival. */
  last_seq: string
  /** The last letter that it has looked at. */
  seen_seq: string
  total: number
  sent: number
  skipped: number
  /** Which runner has it in hand. */
  holder: string | null
  held_until: Date | null
}
