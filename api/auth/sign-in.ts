import type { Catalog, User } from '@warren/stores/catalog/catalog'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { Refusal } from '../http/refusal.ts'
import { hashPassword, verifyPassword } from './password.ts'
import { newSecret } from './secrets.ts'
import { createVerifiedPasswords } from './verified-passwords.ts'

const maxFailures = 5
const lockMs = 15 * 60_000

export interface PasswordAttempt {
  readonly user: string
  readonly password: string
  readonly ip: string
}

export type CheckPassword = (attempt: PasswordAttempt) => Promise<User>

/** One text for an unknown user, a wrong password and a locked user: it must not tell which users exist. */
const wrong = (): Refusal =>
  new Refusal(
    'unauthenticated',
    'the user or the password is wrong, or the user is locked for 15 minutes after five wrong passwords',
  )

function tooMany(error: unknown): never {
  if (!(error instanceof RateLimiterRes)) throw error
  const retryAfterS = Math.max(1, Math.ceil(error.msBeforeNext / 1000))
  throw new Refusal('too_many_requests', `too many wrong passwords; retry in ${retryAfterS} s`, {
    retryAfterS,
  })
}

/** At most 30 wrong passwords a minute from an address and 10 for a user; right ones are given back. */
function createAttemptLimits() {
  const byIp = new RateLimiterMemory({ keyPrefix: 'ip', points: 30, duration: 60 })
  const byUser = new RateLimiterMemory({ keyPrefix: 'user', points: 10, duration: 60 })
  return {
    take: async ({ ip, user }: PasswordAttempt): Promise<void> => {
      await byIp.consume(ip).catch(tooMany)
      await byUser.consume(user).catch(tooMany)
    },
    giveBack: async ({ ip, user }: PasswordAttempt): Promise<void> => {
      await byIp.reward(ip)
      await byUser.reward(user)
    },
  }
}

export interface PasswordCheckOptions {
  readonly users: Catalog['users']
  readonly now?: () => number
}

/** Returns the check of a user's password: rate limited, locked out after five failures, at equal cost for unknown users. Throws a `Refusal`. */
export function createPasswordCheck({
  users,
  now = Date.now,
}: PasswordCheckOptions): CheckPassword {
  const limits = createAttemptLimits()
  const verified = createVerifiedPasswords(now)
  // Verified against when the user is unknown, so that both take the same time.
  const decoy = hashPassword(newSecret())

  const isLocked = (user: User): boolean =>
    user.lockedUntil !== null && user.lockedUntil.getTime() > now()

  async function isRight(user: User | undefined, attempt: PasswordAttempt): Promise<boolean> {
    await limits.take(attempt)
    const right = await verifyPassword(user?.passwordHash ?? (await decoy), attempt.password)
    if (right) await limits.giveBack(attempt)
    else if (user !== undefined)
      await users.countFailure(user.name, {
        failures: maxFailures,
        lockUntil: new Date(now() + lockMs),
      })
    return right
  }

  return async (attempt) => {
    const found = await users.find(attempt.user)
    // A locked user's password is not looked at: a right one would show in the limits and in the time it takes.
    const user = found === undefined || isLocked(found) ? undefined : found
    const pair = {
      passwordHash: user?.passwordHash ?? `none ${attempt.user}`,
      password: attempt.password,
    }
    const right = await verified.verify(pair, () => isRight(user, attempt))
    if (user === undefined || !right) throw wrong()
    if (user.failedSignIns > 0) await users.resetFailures(user.name)
    return user
  }
}
