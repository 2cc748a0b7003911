import type { KeptQuery } from '@warren/contracts/http/query-insights'
import { savedCostOf } from './figures.ts'
import { maskedStart } from './mask-secrets.ts'
import type { QueryRecord } from './record.ts'

const longestText = 1000
const longestReason = 500

const toDate = (ns: bigint | undefined): string | null =>
  ns === undefined ? null : new Date(Number(ns / 1_000_000n)).toISOString()

const toText = (text: () => string): string => maskedStart(text(), longestText)

/** With a text that is printed when somebody reads it, which is seldom: parsing and masking it takes longer than all else that is noted of a query. */
function printedLate(text: () => string, about: Omit<KeptQuery, 'text'>): KeptQuery {
  let printed: string | undefined
  return {
    ...about,
    get text() {
      printed ??= toText(text)
      return printed
    },
  }
}

/** What is kept of one query: bounded, and without secrets for whoever reads it. */
export function toKeptQuery(record: QueryRecord, nowMs: number): KeptQuery {
  const about = toAbout(record, nowMs)
  const { text, isTextLight = false } = record
  return isTextLight ? printedLate(text, about) : { ...about, text: toText(text) }
}

function toAbout(record: QueryRecord, nowMs: number): Omit<KeptQuery, 'text'> {
  const { asker, protocol, state, askedCost, waitedMs, tookMs, rows, bytes, reason } = record
  return {
    at: new Date(nowMs).toISOString(),
    requestId: asker.requestId,
    tenant: asker.tenant,
    ...{ protocol, state },
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
