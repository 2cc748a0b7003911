import { keywordFields } from '@warren/contracts/log-record'
import { pluginPoint } from '@warren/platform/plugin'
import type { SearchAnswer } from '@warren/searchdsl/answer'
import type { SearchRequest } from '@warren/searchdsl/tree'
import type { AnswerShare } from '../answer-share.ts'
import type { ItemNames } from '../item-names.ts'
import type { LocalDisk, Retention } from '../retention.ts'
import type { LineBatch, WriteOutcome } from '../write-outcome.ts'

/** Records of one tenant: each line is a canonical log record (contracts/log-record) with `id`, `@timestamp` (RFC 3339, up to ns, UTC), `message`, and only known keys plus `attributes`. */
export interface RecordBatch extends LineBatch {
  /** 32 ASCII hex digits a record, one after the other (stores/record-ids); the idempotency key together with the tenant. */
  readonly ids: Uint8Array
  /** A plain name a record (contracts/names). */
  readonly datasets: ItemNames
}

export interface LogSearch {
  readonly tenant: string
  /** Concrete data streams of this tenant; none at all answers as an empty index does. */
  readonly streams: readonly string[]
  /** Scoped already. */
  readonly request: SearchRequest
  readonly nowMs: number
  /** What the answer takes of the memory for answers, before it is read; absent: nobody counts. */
  readonly share?: AnswerShare | undefined
  /** After which the asker has left; absent: only the signal tells. */
  readonly deadlineMs?: number | undefined
  readonly signal: AbortSignal
}

export type FieldType = 'date' | 'text' | 'keyword' | 'long' | 'flattened'

/** What every store can search, sort and aggregate by: `attributes.*` are exact keywords, any other key of a record is only kept. */
export const recordFields: ReadonlyMap<string, FieldType> = new Map<string, FieldType>([
  ['@timestamp', 'date'],
  ['observed_timestamp', 'date'],
  ['message', 'text'],
  ...keywordFields.map((name) => [name, 'keyword'] as const),
  ['severity_number', 'long'],
  ['log.offset', 'long'],
  // Stamped from the batch's tenant, for the gateway's second lock.
  ['warren.tenant', 'keyword'],
  ['attributes', 'flattened'],
])

/** What a round of `indexWords` did. */
export interface WordRound {
  /** Stretches of records that were indexed. */
  readonly segments: number
  /** Days of a tenant that wait still, or were not looked at. */
  readonly waiting: number
  /** Why some could not be indexed, in words for people. */
  readonly failed: readonly string[]
}

export interface LogStore {
  /** Makes every record durable or names those it refused; throws a `WarrenError` only when nothing is known to be stored.
   *  Writing a (tenant, id) again, in any batch, order or process, before or after a restart or a rollover, leaves one record: the first. */
  write(batch: RecordBatch): Promise<WriteOutcome>
  /** The body that Elasticsearch 8 would answer to one search of `_msearch`: of all records, or an error. */
  search(search: LogSearch): Promise<SearchAnswer>
  /** Names of the tenant's data streams, sorted. Ends with the signal. */
  streams(tenant: string, signal?: AbortSignal): Promise<readonly string[]>
  /** Fields and types that records of these streams may have, `attributes.*` keys seen so far included where known. Ends with the signal. */
  fields(
    tenant: string,
    streams: readonly string[],
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, FieldType>>
  /** Makes searches of words quick in what was stored since, for some seconds at most and not while writes need the time; a kill at any moment, or doing it again, changes no answer.
   *  Only of a store that leaves that for later. */
  indexWords?(nowMs: number): Promise<WordRound>
  /** Gives up what is older than the tenant keeps, in the store's own steps (a day, a shard, an index) and never anything younger. Answers what went or changed, in words for people;
   *  doing it again, or in several processes, changes nothing more. A tenant without data is none of its business. */
  retain(retention: Retention): Promise<readonly string[]>
  /** Only of a store that keeps its files on this machine. */
  readonly disk?: LocalDisk
  /** Asks the store whether it could take a write now; throws a `WarrenError` that says why not. */
  check(): Promise<void>
  /** Releases every resource. Safe to call twice. */
  close(): Promise<void>
}

export interface LogStoreContext {
  /** A folder of the store's own; only embedded stores use it. */
  readonly dataDir: string
}

export const defineLogStore = pluginPoint<Promise<LogStore>, LogStoreContext>()
