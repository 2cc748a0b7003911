import type { ServerResponse } from 'node:http'
import type { CountedWindow } from './counted-window.ts'

/** How a query has left one window. */
export interface Standing extends CountedWindow {
  /** Of this instance, where it counts by itself. */
  readonly most: number
  readonly used: number
  readonly resetMs: number
}

export const isOver = ({ used, most }: Standing): boolean => used > most

export const secondsToWait = ({ resetMs }: Standing): number =>
  Math.max(1, Math.ceil(resetMs / 1000))

const leftOf = ({ used, most }: Standing): number => Math.max(0, most - used)

/** The fullest of each unit: what would refuse next. */
function fullest(standings: readonly Standing[]): readonly Standing[] {
  const units = Map.groupBy(standings, ({ unit }) => unit)
  return [...units.values()].map((same) =>
    same.reduce((full, each) =>
      leftOf(each) / each.most < leftOf(full) / full.most ? each : full,
    ),
  )
}

const nameOf = ({ scope, unit, window }: Standing): string =>
  `"${scope}-${unit}-${window.seconds}s"`

/** `RateLimit` and `RateLimit-Policy` as https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/ (structured fields): names and values in turn. */
export function rateLimitHeaders(standings: readonly Standing[]): readonly string[] {
  if (standings.length === 0) return []
  const told = fullest(standings)
  const policies = told.map(
    (each) =>
      `${nameOf(each)};q=${each.most};w=${each.window.seconds}${each.unit === 'cost' ? ';qu="cost"' : ''}`,
  )
  const limits = told.map((each) => `${nameOf(each)};r=${leftOf(each)};t=${secondsToWait(each)}`)
  return ['RateLimit-Policy', policies.join(', '), 'RateLimit', limits.join(', ')]
}

export function setRateLimits(response: ServerResponse, standings: readonly Standing[]): void {
  const [policyName, policy, name, limit] = rateLimitHeaders(standings)
  if (policyName === undefined || policy === undefined) return
  response.setHeader(policyName, policy)
  if (name !== undefined && limit !== undefined) response.setHeader(name, limit)
}
