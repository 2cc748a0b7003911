import type { KeptQuery } from '@warren/contracts/http/query-insights'
import { reasonOf } from '@warren/platform/errors'
import type { Log } from '@warren/platform/log'
import { savedCostOf } from './figures.ts'
import { maskedStart } from './mask-secrets.ts'
import type { QueryRecord } from './record.ts'

const longestText = 1000
const longestReason = 500

const toDate = (ns: bigint | undefined): string | null =>
  ns === undefined ? null : new Date(Number(ns / 1_000_000n)).toISOString()

interface Printed {
  readonly text: () => string
  readonly requestId: string
}

/** What is kept of one query: bounded, and without secrets for whoever reads it. Never throws: what was answered stays so. */
export type KeepQuery = (record: QueryRecord, nowMs: number) => KeptQuery

/** Logs which query could not be printed. */
export function createKeepQuery(log: Pick<Log, 'error'>): KeepQuery {
  const print = ({ text, requestId }: Printed): string => {
    try {
      return maskedStart(text(), longestText)
    } catch (error) {
      log.error('a query could not be printed', { error: reasonOf(error), requestId })
      return 'the query could not be printed'
    }
  }
  return (record, nowMs) => {
    const about = toAbout(record, nowMs)
    return record.isTextLight === true
      ? printedLate(record, print, about)
      : { ...about, text: print({ text: record.text, requestId: record.asker.requestId }) }
  }
}

/** With a text that is printed when somebody reads it, which is seldom: parsing and masking it takes longer than all else that is noted of a query. */
function printedLate(
  { text, asker: { requestId } }: QueryRecord,
  print: (query: Printed) => string,
  about: Omit<KeptQuery, 'text'>,
): KeptQuery {
  let printed: string | undefined
  return {
    ...about,
    get text() {
      printed ??= print({ text, requestId })
      return printed
    },
  }
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
