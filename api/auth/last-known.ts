import { withDeadline } from '@warren/platform/deadline'
import { WarrenError } from '@warren/platform/errors'
import type { Principal } from './principal.ts'

const keepMs = 5 * 60_000
const maxKept = 10_000
/** A catalog that hangs is away: nobody waits longer for it to say who they are. */
const askMs = 3000

interface Entry {
  readonly principal: Principal
  readonly until: number
}

export interface LastKnown {
  /** Asks; while the catalog is away answers what it said at most five minutes ago, so that status and dashboards outlive it. */
  resolve(name: string, ask: () => Promise<Principal | undefined>): Promise<Principal | undefined>
  forget(name: string): void
}

/** A refusal is an answer of the catalog, not its absence: a password that was changed must not be remembered as right. */
const isAway = (error: unknown): boolean =>
  error instanceof WarrenError && error.disposition === 'retry'

export function createLastKnown(now: () => number = Date.now): LastKnown {
  const entries = new Map<string, Entry>()

  function remember(name: string, principal: Principal): void {
    entries.delete(name)
    const [oldest] = entries.keys()
    if (entries.size >= maxKept && oldest !== undefined) entries.delete(oldest)
    const ends = principal.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY
    entries.set(name, { principal, until: Math.min(now() + keepMs, ends) })
  }

  function recall(name: string): Principal | undefined {
    const entry = entries.get(name)
    return entry !== undefined && entry.until > now() ? entry.principal : undefined
  }

  return {
    resolve: async (name, ask) => {
      try {
        const principal = await withDeadline(ask(), { ms: askMs, what: 'asking the catalog' })
        if (principal === undefined) entries.delete(name)
        else remember(name, principal)
        return principal
      } catch (error) {
        if (!isAway(error)) entries.delete(name)
        const known = recall(name)
        if (known === undefined) throw error
        return known
      }
    },
    forget: (name) => void entries.delete(name),
  }
}
