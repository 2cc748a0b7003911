import { withDeadline } from '@warren/platform/deadline'
import { WarrenError } from '@warren/platform/errors'
import type { Principal } from './principal.ts'

const keepMs = 5 * 60_000
/** A dashboard asks thirty times a second: a credential that was just found is not looked up again. What another api revokes is refused a second later, what this one revokes at once. */
const freshMs = 1000
const maxKept = 10_000
/** A catalog that hangs is away: nobody waits longer for it to say who they are. */
const askMs = 3000

interface Entry {
  readonly principal: Principal
  readonly askedAt: number
  readonly until: number
}

/** A look-up on its way. */
interface Asking {
  readonly askedAt: number
  readonly answer: Promise<Principal | undefined>
}

export interface LastKnown {
  /** Asks, unless it did less than a second ago or is doing so: what is on its way was asked for as lately. Many ask for one credential when its second ends; while the catalog is away answers what it said at most five minutes ago, so that status and dashboards outlive it. */
  resolve(name: string, ask: () => Promise<Principal | undefined>): Promise<Principal | undefined>
  forget(name: string): void
  /** Something was revoked: whatever is asked next is asked of the catalog, if it is there. */
  distrust(): void
}

/** A refusal is an answer of the catalog, not its absence: a password that was changed must not be remembered as right. */
const isAway = (error: unknown): boolean =>
  error instanceof WarrenError && error.disposition === 'retry'

/** The newest ten thousand, each until it ends. */
function createMemory(now: () => number) {
  const entries = new Map<string, Entry>()

  function remember(name: string, principal: Principal, askedAt: number): void {
    entries.delete(name)
    const [oldest] = entries.keys()
    if (entries.size >= maxKept && oldest !== undefined) entries.delete(oldest)
    const ends = principal.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY
    entries.set(name, { principal, askedAt, until: Math.min(now() + keepMs, ends) })
  }

  function recall(name: string): Entry | undefined {
    const entry = entries.get(name)
    return entry !== undefined && entry.until > now() ? entry : undefined
  }

  return { remember, recall, forget: (name: string) => void entries.delete(name) }
}

export function createLastKnown(now: () => number = Date.now): LastKnown {
  const { remember, recall, forget } = createMemory(now)
  const asking = new Map<string, Asking>()
  let trustedFrom = 0

  function isFresh({ askedAt }: Pick<Entry, 'askedAt'>): boolean {
    return askedAt >= trustedFrom && now() - askedAt < freshMs
  }

  async function look(
    name: string,
    askedAt: number,
    ask: () => Promise<Principal | undefined>,
  ): Promise<Principal | undefined> {
    try {
      const principal = await withDeadline(ask(), { ms: askMs, what: 'asking the catalog' })
      if (principal === undefined) forget(name)
      else remember(name, principal, askedAt)
      return principal
    } catch (error) {
      if (!isAway(error)) forget(name)
      const known = recall(name)
      if (known === undefined) throw error
      return known.principal
    }
  }

  return {
    resolve: (name, ask) => {
      const found = recall(name)
      if (found !== undefined && isFresh(found)) return Promise.resolve(found.principal)
      const flying = asking.get(name)
      if (flying !== undefined && isFresh(flying)) return flying.answer
      const askedAt = now()
      const answer = look(name, askedAt, ask).finally(() => {
        if (asking.get(name)?.answer === answer) asking.delete(name)
      })
      asking.set(name, { askedAt, answer })
      return answer
    },
    forget: (name) => {
      forget(name)
      asking.delete(name)
    },
    distrust: () => {
      // What is on its way was asked before, maybe before the change.
      trustedFrom = now() + 1
    },
  }
}
