import type { RuleBook, WindowRule } from './rules/rule-book.ts'

/** Which timestamps are believed, nanoseconds since the epoch. A clock that stands at 1970 or runs a year ahead is a fault of its host. */
export interface TimeWindow {
  readonly fromNs: number
  readonly toNs: number
  /** When the message was taken. */
  readonly nowMs: number
  /** The rules that held then; none: the defaults. */
  readonly rules?: RuleBook | undefined
}

/** 1971-01-01T00:00:00Z */
const firstNs = 31_536_000 * 1e9

interface Past {
  /** How far behind now a timestamp may lie; 0 or absent: as far as 1971. */
  readonly maxBehindMs?: number | undefined
  readonly rules?: RuleBook | undefined
}

const fromNsOf = (nowMs: number, maxBehindMs: number): number =>
  maxBehindMs === 0 ? firstNs : Math.max(firstNs, (nowMs - maxBehindMs) * 1e6)

/** As doubles: a bound need not be exact to the nanosecond. */
export const timeWindow = (
  nowMs: number,
  maxAheadMs: number,
  { maxBehindMs = 0, rules }: Past = {},
): TimeWindow => ({
  fromNs: fromNsOf(nowMs, maxBehindMs),
  toNs: (nowMs + maxAheadMs) * 1e6,
  nowMs,
  rules,
})

/** The window as a rule narrows or widens it. */
export const ruledWindow = (window: TimeWindow, rule: WindowRule | undefined): TimeWindow =>
  rule === undefined
    ? window
    : {
        ...window,
        fromNs:
          rule.maxBehindMs === undefined ? window.fromNs : fromNsOf(window.nowMs, rule.maxBehindMs),
        toNs: rule.maxAheadMs === undefined ? window.toNs : (window.nowMs + rule.maxAheadMs) * 1e6,
      }

export const isWithin = ({ fromNs, toNs }: TimeWindow, timeNs: number): boolean =>
  timeNs >= fromNs && timeNs <= toNs
