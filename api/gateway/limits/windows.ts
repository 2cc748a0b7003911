import type { Asker } from '../asker.ts'
import type { StoreName } from '../schedule/schedule-metrics.ts'
import type { CountedWindow } from './counted-window.ts'
import type { EffectiveLimits } from './effective-limits.ts'

/** Users are what a client says: past so many of one tenant in a minute they are counted as one. */
const mostUsers = 1000
const forgetUsersMs = 60_000

/** Names users for counting. */
export class CountedUsers {
  readonly #seen = new Map<string, Set<string>>()
  #sinceMs = 0

  nameOf(tenant: string, user: string, nowMs: number): string {
    if (nowMs - this.#sinceMs > forgetUsersMs) {
      this.#seen.clear()
      this.#sinceMs = nowMs
    }
    const users = this.#seen.get(tenant) ?? new Set<string>()
    this.#seen.set(tenant, users)
    if (users.size >= mostUsers && !users.has(user)) return '*'
    users.add(user)
    return user
  }
}

type Counted = Pick<Asker, 'tenant' | 'credential' | 'user' | 'isAlert'>

const scopes = ['tenant', 'token', 'metrics', 'logs', 'user'] as const
const units = ['requests', 'cost'] as const

interface Counting {
  readonly store: StoreName
  readonly limits: EffectiveLimits
  readonly users: CountedUsers
}

/** Under which name each scope counts who asks; those that are not theirs are absent. */
function namesOf({ tenant, credential, user }: Counted, { store, limits, users }: Counting) {
  const isToken = credential.startsWith('token ')
  const person = user ?? (isToken ? undefined : credential)
  const countsUsers = Object.values(limits.user).some((windows) => windows !== undefined)
  const names: Partial<Record<(typeof scopes)[number], string>> = { tenant: 'all', [store]: 'all' }
  if (isToken) names.token = credential
  if (countsUsers && person !== undefined) names.user = users.nameOf(tenant, person, Date.now())
  return names
}

/** By the limits, which are read again when they change, and then by who is counted. */
const lately = new WeakMap<EffectiveLimits, Map<string, readonly CountedWindow[]>>()
const mostKnown = 1000

/** Every window of every limit that is set for who asks. Alert rules have the same limits, counted apart: dashboards use up nothing of theirs. */
export function windowsOf(asker: Counted, counting: Counting): readonly CountedWindow[] {
  const names = namesOf(asker, counting)
  const whose = `${asker.tenant}:${asker.isAlert ? 'alerts' : 'others'}`
  // The name of a user, which is the last, has no line feed in it.
  const key = `${whose}\n${counting.store}\n${names.token ?? ''}\n${names.user ?? ''}`
  const known = lately.get(counting.limits) ?? new Map<string, readonly CountedWindow[]>()
  const found = known.get(key)
  if (found !== undefined) return found
  const listed = listWindows(whose, names, counting.limits)
  if (known.size >= mostKnown) known.clear()
  known.set(key, listed)
  lately.set(counting.limits, known)
  return listed
}

function listWindows(
  whose: string,
  names: ReturnType<typeof namesOf>,
  limits: EffectiveLimits,
): readonly CountedWindow[] {
  return scopes.flatMap((scope) => {
    const name = names[scope]
    if (name === undefined) return []
    return units.flatMap((unit) =>
      (limits[scope][unit] ?? []).map((window) => ({
        ...{ scope, unit, window },
        key: { name: `${whose}:${scope}:${unit}:${name}`, seconds: window.seconds },
      })),
    )
  })
}
