import { createHash } from 'node:crypto'
import type { LogRecord } from '@warren/contracts/log-record'
import type { SearchSuccess } from '@warren/searchdsl/answer'
import type { SearchRequest } from '@warren/searchdsl/tree'
import { toItemNames } from '../item-names.ts'
import { joinIds } from '../record-ids.ts'
import type { LogStore, RecordBatch } from './log-store.ts'

export type TestRecord = Partial<Omit<LogRecord, 'id'>> & { readonly id: string }

/** An id as senders make them: 32 hex digits of a name. */
export const idOf = (name: string): string =>
  createHash('sha256').update(name).digest('hex').slice(0, 32)

/** Records a nanosecond apart, with messages that say their number. */
export const numbered = (count: number, prefix = 'r'): TestRecord[] =>
  Array.from({ length: count }, (_, i) => ({
    id: idOf(`${prefix}${i}`),
    message: `${prefix} ${i}`,
    '@timestamp': `2026-03-04T05:06:07.${String(i).padStart(9, '0')}Z`,
  }))

/** A batch as the poller makes it. */
export function toBatch(tenant: string, records: readonly TestRecord[]): RecordBatch {
  const lines = records.map((record) => {
    const first = { id: record.id, '@timestamp': '2026-03-04T05:06:07Z', message: record.id }
    return `${JSON.stringify({ ...first, ...record })}\n`
  })
  return batchOf(tenant, records, lines)
}

/** The same with lines of one's own. */
export function batchOf(
  tenant: string,
  records: readonly TestRecord[],
  texts: readonly string[],
): RecordBatch {
  const lines = texts.map((text) => Buffer.from(text))
  const starts = new Uint32Array(lines.length + 1)
  lines.forEach((line, i) => {
    starts[i + 1] = (starts[i] ?? 0) + line.length
  })
  return {
    tenant,
    bytes: Buffer.concat(lines),
    starts,
    ids: joinIds(records.map(({ id }) => id)),
    datasets: toItemNames(records.map((record) => record['event.dataset'] ?? 'generic')),
  }
}

/** Everything, oldest first, up to 1000. */
export const everything: SearchRequest = {
  query: { type: 'match_all' },
  aggs: [],
  size: 1000,
  from: 0,
  sort: [{ field: '@timestamp', direction: 'asc' }],
  docvalueFields: [],
  fields: [],
  source: true,
  trackTotalHits: true,
}

interface Ask {
  readonly tenant: string
  readonly request?: Partial<SearchRequest>
  readonly streams?: readonly string[]
  readonly signal?: AbortSignal
}

/** Searches all streams of the tenant unless told otherwise; an error answer throws. */
export async function searchOf(
  store: LogStore,
  { tenant, request, streams, signal = AbortSignal.timeout(30_000) }: Ask,
): Promise<SearchSuccess> {
  const answer = await store.search({
    tenant,
    streams: streams ?? (await store.streams(tenant)),
    request: { ...everything, ...request },
    nowMs: Date.parse('2026-03-04T12:00:00Z'),
    signal,
  })
  if ('error' in answer) throw new Error(answer.error.reason)
  return answer
}
