import { createRate, type Rate, type RateLimits } from '@warren/platform/rate'

/** Why a message leaves the queue that all share: its tenant is above a configured limit, holds more than its share while others send too, or has more dead letters than it may. */
export type MoveReason = 'limit' | 'share' | 'letters'

export interface SharesOptions {
  /** Bytes in flight of all tenants, at most. */
  readonly maxBytes: number
  /** Of this poller: the part of a tenant's limits that falls to it. */
  readonly limitsOf: (tenant: string) => RateLimits
  /** Whether the store takes what it is sent. While it does not, nobody is served the sooner for a move. */
  readonly storeAnswers: () => boolean
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number
}

/** Who has how much of one stream in flight. */
export interface Shares {
  /** Notes that the tenant sends; undefined: its message may stay. */
  reasonToMove(tenant: string): MoveReason | undefined
  /** Bytes that wait for room or for their write; negative ones are given back. */
  hold(tenant: string, bytes: number): void
  spend(tenant: string, items: number, bytes: number): void
  /** Whether what has moved shall wait: for its limit, or because more is still moving. */
  isHeldBack(tenant: string): boolean
  /** The part of anything bounded that one tenant may take: all of it while it is alone. */
  readonly partOfOne: number
}

interface Tenant {
  readonly rate: Rate
  seenMs: number
  heldBytes: number
  movedMs: number
}

/** A tenant that sent so lately is taken to send again: its next message shall not find the queue full of another's. */
const lateMs = 600_000
/** How much of a limit may come at once after a silence. */
const burstSeconds = 2
/** Below half, so that most deliveries that the broker lets out at once are free to move. */
const maxPart = 0.4
/** Of two tenants that send alike, each holds about half. */
const maxEvenPart = 0.75
/** Of the bytes in flight: with less there is no backlog, and whoever sends may have what it wants. */
const backlogPart = 0.3
/** Since the last message moved: until then all work goes to emptying the queue that all share. */
const calmMs = 2000
/** A single large message is no flood. */
const minBytes = 1024 ** 2

export function createShares(options: SharesOptions): Shares {
  const { maxBytes, limitsOf, storeAnswers, now = () => performance.now() } = options
  const tenants = new Map<string, Tenant>()
  let heldBytes = 0
  let sweptMs = now()

  const tenantOf = (name: string): Tenant => {
    const known = tenants.get(name)
    if (known !== undefined) return known
    const made = {
      rate: createRate({ limits: () => limitsOf(name), now, burstSeconds }),
      seenMs: now(),
      heldBytes: 0,
      movedMs: Number.NEGATIVE_INFINITY,
    }
    tenants.set(name, made)
    return made
  }
  const sweep = () => {
    if (now() - sweptMs < lateMs / 10) return
    sweptMs = now()
    for (const [name, tenant] of tenants)
      if (tenant.heldBytes === 0 && now() - tenant.seenMs > lateMs) tenants.delete(name)
  }
  /** What waits for room is held too, and may be many times the room: tenants that send alike hold about the same of it, and none of them floods. */
  const evenPart = () => Math.min(maxEvenPart, 2 / tenants.size)
  const partOfOne = () => (tenants.size < 2 ? 1 : Math.min(maxPart, 2 / tenants.size))

  return {
    reasonToMove: (name) => {
      const tenant = tenantOf(name)
      tenant.seenMs = now()
      sweep()
      if (!storeAnswers()) return undefined
      if (tenant.rate.isInDebt()) return 'limit'
      const isBacklogged = heldBytes > backlogPart * maxBytes
      const share = Math.max(minBytes, partOfOne() * maxBytes, evenPart() * heldBytes)
      if (tenants.size < 2 || !isBacklogged || tenant.heldBytes <= share) return undefined
      tenant.movedMs = now()
      return 'share'
    },
    hold: (name, bytes) => {
      tenantOf(name).heldBytes += bytes
      heldBytes += bytes
    },
    spend: (name, items, bytes) => tenantOf(name).rate.spend(items, bytes),
    isHeldBack: (name) => {
      const tenant = tenants.get(name)
      if (tenant === undefined) return false
      return tenant.rate.isInDebt() || now() - tenant.movedMs < calmMs
    },
    get partOfOne() {
      return partOfOne()
    },
  }
}
