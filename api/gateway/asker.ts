import type { IncomingHttpHeaders } from 'node:http'
import type { Principal } from '../auth/principal.ts'
import type { RoomShare } from './memory/room-share.ts'
import { newTrail, type Trail } from './trail.ts'

/** Who asks a query, for what, and for how long. Only `tenant`, `deployments` and `credential` are proven; the rest is what a client says of itself: good for fairness and insight, never for rights. */
export interface Asker {
  readonly tenant: string
  /** The only deployments whose data the answer may be made of; undefined: all of the tenant. */
  readonly deployments: readonly string[] | undefined
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
  /** What the answer has of the memory for answers; absent: nobody counts. */
  readonly share?: RoomShare | undefined
  /** Of the query that is asked now. */
  readonly trail: Trail
}

/** The same asker, for whom is waited by another signal. Spreading it would ask for its own, and takes ten times as long. */
export function withSignal(asker: Asker, { signal, share }: Pick<Asker, 'signal' | 'share'>) {
  return {
    tenant: asker.tenant,
    deployments: asker.deployments,
    credential: asker.credential,
    user: asker.user,
    dashboard: asker.dashboard,
    panel: asker.panel,
    isAlert: asker.isAlert,
    wantsFresh: asker.wantsFresh,
    requestId: asker.requestId,
    trail: asker.trail,
    signal,
    share,
  } satisfies Record<keyof Asker, unknown>
}

const longestName = 128

/** A forwarded header as a name that may stand in a list; absent when it is empty or not one. */
function nameIn(value: string | readonly string[] | undefined): string | undefined {
  const name = typeof value === 'string' ? value.trim() : ''
  return name === '' || name.length > longestName ? undefined : name
}

/** Grafana marks the queries of alert rules with `X-Rule-Uid` and its like: pkg/services/ngalert of Grafana. */
function isFromRule(headers: IncomingHttpHeaders): boolean {
  for (const name in headers) if (name.startsWith('x-rule-')) return true
  return false
}

const forbidsCache = ({ 'cache-control': value }: IncomingHttpHeaders): boolean =>
  value !== undefined && /\bno-(cache|store)\b/i.test(value)

interface AskerOptions {
  readonly principal: Pick<Principal, 'tenant' | 'name' | 'isAlerting' | 'deployments'>
  readonly requestId: string
  /** Made when somebody waits for it: a kept answer needs none. */
  readonly signal: () => AbortSignal
  readonly share?: RoomShare | undefined
}

export function askerOf(
  headers: IncomingHttpHeaders,
  { principal: { tenant, deployments, name, isAlerting }, requestId, signal, share }: AskerOptions,
): Asker {
  const isAlert = isAlerting || isFromRule(headers)
  return {
    tenant,
    deployments,
    credential: name,
    user: nameIn(headers['x-grafana-user']),
    dashboard: nameIn(headers['x-dashboard-uid']),
    panel: nameIn(headers['x-panel-id']),
    isAlert,
    wantsFresh: isAlert || forbidsCache(headers),
    requestId,
    share,
    get signal() {
      return signal()
    },
    trail: newTrail(),
  }
}
