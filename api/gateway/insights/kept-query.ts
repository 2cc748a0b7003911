import type { KeptQuery } from '@warren/contracts/http/query-insights'
import { savedCostOf } from './figures.ts'
import { maskedStart } from './mask-secrets.ts'
import type { QueryRecord } from './record.ts'

const longestText = 1000
const longestReason = 500

const toDate = (ns: bigint | undefined): string | null =>
  ns === undefined ? null : new Date(Number(ns / 1_000_000n)).toISOString()

/** What is kept of one query: bounded, and without secrets. */
export function toKeptQuery(record: QueryRecord, nowMs: number): KeptQuery {
  const { asker, protocol, state, askedCost, waitedMs, tookMs, rows, bytes, reason } = record
  return {
    at: new Date(nowMs).toISOString(),
    requestId: asker.requestId,
    tenant: asker.tenant,
    ...{ protocol, state },
    text: maskedStart(record.text(), longestText),
    credential: asker.credential,
    user: asker.user ?? null,
    dashboard: asker.dashboard ?? null,
    panel: asker.panel ?? null,
    isAlert: asker.isAlert,
    cost: askedCost,
    savedCost: savedCostOf(record),
    ...{ waitedMs, tookMs, rows, bytes },
    resolution: record.resolution ?? null,
    clampedFrom: toDate(record.clampedFromNs),
    reason: reason === undefined ? null : maskedStart(reason, longestReason),
  }
}

/** About, with what holds it. */
export const bytesOf = ({ text, reason }: KeptQuery): number =>
  600 + text.length + (reason?.length ?? 0)
