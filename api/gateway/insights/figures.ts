import type { FiguresBody } from '@warren/contracts/http/query-insights'
import type { QueryRecord } from './record.ts'

/** Less is the way to a free place, no queue. */
const queuedMs = 10

/** What the cache had of a query that was answered; a refused one saves nothing. */
export const savedCostOf = ({ state, cost, askedCost }: QueryRecord): number =>
  state === 'refused' || state === 'error' ? 0 : Math.max(0, cost - askedCost)

/** Sums over queries. */
export class Figures {
  readonly states = { hit: 0, partial: 0, miss: 0, bypass: 0, refused: 0, error: 0 }
  queries = 0
  queued = 0
  cost = 0
  savedCost = 0
  tookMs = 0
  waitedMs = 0
  slowestMs = 0
  slowestRequestId: string | null = null
  rows = 0
  bytes = 0

  note(record: QueryRecord): void {
    this.states[record.state]++
    this.queries++
    if (record.waitedMs >= queuedMs) this.queued++
    this.cost += record.askedCost
    this.savedCost += savedCostOf(record)
    this.tookMs += record.tookMs
    this.waitedMs += record.waitedMs
    this.rows += record.rows
    this.bytes += record.bytes
    this.#meet(record.tookMs, record.asker.requestId)
  }

  add(other: Figures): void {
    for (const state of Object.keys(this.states) as (keyof Figures['states'])[])
      this.states[state] += other.states[state]
    this.queries += other.queries
    this.queued += other.queued
    this.cost += other.cost
    this.savedCost += other.savedCost
    this.tookMs += other.tookMs
    this.waitedMs += other.waitedMs
    this.rows += other.rows
    this.bytes += other.bytes
    this.#meet(other.slowestMs, other.slowestRequestId)
  }

  toBody(): FiguresBody {
    const { states, ...sums } = this
    return { ...sums, ...states }
  }

  #meet(tookMs: number, requestId: string | null): void {
    if (tookMs < this.slowestMs) return
    this.slowestMs = tookMs
    this.slowestRequestId = requestId
  }
}
