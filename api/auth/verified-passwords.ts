import { createHmac, randomBytes } from 'node:crypto'

const keepMs = 60_000
const maxKept = 1000

interface Entry {
  readonly until: number
  readonly outcome: Promise<boolean>
}

export interface VerifiedPasswords {
  /** What `compute` says of this pair, or said of it within the last minute when that was true; equal questions at one time are asked once. */
  verify(pair: PasswordPair, compute: () => Promise<boolean>): Promise<boolean>
}

interface PasswordPair {
  readonly passwordHash: string
  readonly password: string
}

/** argon2 costs tens of milliseconds, and Grafana sends basic credentials with each of a dashboard's queries: a right pair of stored
 *  hash and password is remembered for a minute under a keyed hash. A changed password has another stored hash, so nothing stale is
 *  ever found. */
export function createVerifiedPasswords(now: () => number = Date.now): VerifiedPasswords {
  const key = randomBytes(32)
  const entries = new Map<string, Entry>()

  function find(name: string): Promise<boolean> | undefined {
    const entry = entries.get(name)
    if (entry !== undefined && entry.until > now()) return entry.outcome
    entries.delete(name)
    return undefined
  }

  async function ask(name: string, outcome: Promise<boolean>): Promise<boolean> {
    const [oldest] = entries.keys()
    if (entries.size >= maxKept && oldest !== undefined) entries.delete(oldest)
    entries.set(name, { until: now() + keepMs, outcome })
    let right = false
    try {
      right = await outcome
      return right
    } finally {
      if (!right) entries.delete(name)
    }
  }

  return {
    verify: ({ passwordHash, password }, compute) => {
      const name = createHmac('sha256', key).update(`${passwordHash}\0${password}`).digest('base64')
      return find(name) ?? ask(name, compute())
    },
  }
}
