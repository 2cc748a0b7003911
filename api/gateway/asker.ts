import type { Request, Response } from 'express'
import type { Principal } from '../auth/principal.ts'
import { requestIdOf } from '../http/trace.ts'
import { newTrail, type Trail } from './trail.ts'

/** Who asks a query, for what, and for how long. Only `tenant` and `credential` are proven; the rest is what a client says of itself: good for fairness and insight, never for rights. */
export interface Asker {
  readonly tenant: string
  /** The user's name, or `token <name>`. */
  readonly credential: string
  /** Grafana's user, dashboard and panel, as its back ends forward them. */
  readonly user?: string | undefined
  readonly dashboard?: string | undefined
  readonly panel?: string | undefined
  /** An alert rule asks, by its headers or with a token of its own: it has its own share, and wants what the store holds now. */
  readonly isAlert: boolean
  /** `Cache-Control: no-cache`, or an alert rule: no kept answer, no moved range. */
  readonly wantsFresh: boolean
  /** As the client's error shows it. */
  readonly requestId: string
  /** Fires when nobody waits for the answer any more, or at the deadline; its reason is a `Refusal`. */
  readonly signal: AbortSignal
  /** Of the query that is asked now. */
  readonly trail: Trail
}

const longestName = 128

/** A forwarded header as a name that may stand in a list; absent when it is empty or not one. */
function nameIn(request: Request, header: string): string | undefined {
  const value = request.get(header)?.trim()
  return value === undefined || value === '' || value.length > longestName ? undefined : value
}

/** Grafana marks the queries of alert rules with `X-Rule-Uid` and its like: pkg/services/ngalert of Grafana. */
const isFromRule = ({ headers }: Request): boolean =>
  Object.keys(headers).some((name) => name.startsWith('x-rule-'))

const forbidsCache = (request: Request): boolean =>
  /\bno-(cache|store)\b/i.test(request.get('cache-control') ?? '')

interface AskerOptions {
  readonly principal: Pick<Principal, 'tenant' | 'name' | 'isAlerting'>
  readonly signal: AbortSignal
}

export function askerOf(
  request: Request,
  response: Response,
  { principal: { tenant, name, isAlerting }, signal }: AskerOptions,
): Asker {
  const isAlert = isAlerting || isFromRule(request)
  return {
    tenant,
    credential: name,
    user: nameIn(request, 'x-grafana-user'),
    dashboard: nameIn(request, 'x-dashboard-uid'),
    panel: nameIn(request, 'x-panel-id'),
    isAlert,
    wantsFresh: isAlert || forbidsCache(request),
    requestId: requestIdOf(response),
    signal,
    trail: newTrail(),
  }
}
