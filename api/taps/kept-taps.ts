import { vhostOf } from '@warren/broker/connection'
import { commandsToMake, commandsToRemove } from '@warren/broker/operator-commands'
import { hashPassword, newPassword, tapUser } from '@warren/broker/users'
import type { Health } from '@warren/contracts/http/status'
import { type TapSpec, tapQueue, tapQueueName, tapUserName } from '@warren/contracts/taps'
import { reasonOf } from '@warren/platform/errors'
import { createHealthCell } from '@warren/platform/health-cell'
import { createTurns } from '@warren/platform/in-turn'
import type { StoredTap, Taps } from '@warren/stores/catalog/catalog'
import { Refusal } from '../http/refusal.ts'
import type { TapBroker } from './tap-broker.ts'

export interface KeptTapsOptions extends TapBroker {
  readonly taps: Taps
  readonly maxPerTenant: number
  /** How often the broker is compared with the catalog. */
  readonly checkEveryMs?: number
}

export interface MadeTap {
  readonly tap: StoredTap
  /** Null when the operator makes the user. */
  readonly secret: string | null
  readonly operatorCommands: readonly string[]
}

/** The taps of the catalog, kept on the broker: queues and users that are missing come back, taps that nobody uses go. */
export interface KeptTaps {
  /** Throws a `Refusal`, and a `WarrenError` (retry) while broker or catalog is away; then nothing is left of it. */
  create(spec: TapSpec): Promise<MadeTap>
  /** Ends its consumers and its user's connections. Returns what the operator has to run; undefined when the tenant has no such tap. */
  remove(tenant: string, name: string): Promise<readonly string[] | undefined>
  health(): Health
  /** Resolves when a comparison that began after the call is done. */
  check(): Promise<void>
  close(): Promise<void>
}

const userOf = (tap: StoredTap, passwordHash: string) =>
  tapUser({ name: tapUserName(tap), passwordHash }, tapQueueName(tap))

const commandsFor = (tap: StoredTap, url: string): readonly string[] =>
  commandsToMake({ ...userOf(tap, ''), vhost: vhostOf(url) })

/** The last time that somebody wanted it. */
const lastUse = ({ usedAt, createdAt }: StoredTap): number => (usedAt ?? createdAt).getTime()

type Options = Pick<KeptTapsOptions, 'broker' | 'users' | 'taps'>

/** Brings one tap's queue in line; false when the tap has outlived its use. */
async function keepQueue(tap: StoredTap, { broker, taps }: Options): Promise<boolean> {
  const state = await broker.queues.look(tapQueueName(tap))
  const now = new Date()
  if (state !== undefined && state.consumers > 0) await taps.touch(tap.tenant, tap.name, now)
  else if (now.getTime() - lastUse(tap) > tap.expiresMs) return false
  if (state === undefined) await broker.queues.create(tapQueue(tap))
  return true
}

async function keepUsers(
  known: readonly string[],
  wanted: readonly StoredTap[],
  users: NonNullable<TapBroker['users']>,
): Promise<void> {
  const missing = wanted.flatMap((tap) =>
    tap.passwordHash === null || known.includes(tapUserName(tap))
      ? []
      : [userOf(tap, tap.passwordHash)],
  )
  if (missing.length > 0) await users.put(missing)
  const names = new Set(wanted.map(tapUserName))
  for (const name of known) if (!names.has(name)) await users.remove(name)
}

/** Queue and user first: a tap that is still in the catalog can be removed again. */
async function removeTap(tap: StoredTap, { broker, users, taps }: Options): Promise<void> {
  await users?.remove(tapUserName(tap))
  await broker.queues.remove(tapQueueName(tap))
  await taps.remove(tap.tenant, tap.name)
}

async function compare(options: Options): Promise<void> {
  const { taps, users } = options
  // Names before the catalog: a tap that is being made is in the catalog before its user exists.
  const known = users?.names() ?? []
  const stored = await taps.list(undefined)
  const wanted: StoredTap[] = []
  for (const tap of stored) {
    if (await keepQueue(tap, options)) wanted.push(tap)
    else await removeTap(tap, options)
  }
  if (users !== undefined) await keepUsers(known, wanted, users)
}

async function makeTap(spec: TapSpec, options: KeptTapsOptions): Promise<MadeTap> {
  const { broker, taps, users, url, maxPerTenant } = options
  const password = newPassword()
  const passwordHash = users === undefined ? null : hashPassword(password)
  const tap: StoredTap = { ...spec, passwordHash, createdAt: new Date(), usedAt: null }
  const made = await taps.create(tap, maxPerTenant)
  if (made === 'exists') throw new Refusal('conflict', `a tap named "${spec.name}" exists already`)
  if (made === 'full')
    throw new Refusal('conflict', `the tenant has ${maxPerTenant} taps, which is the limit`)
  try {
    await broker.queues.create(tapQueue(tap))
    if (passwordHash !== null) await users?.put([userOf(tap, passwordHash)])
  } catch (error) {
    await removeTap(tap, options).catch(() => taps.remove(tap.tenant, tap.name))
    throw error
  }
  if (users === undefined) return { tap, secret: null, operatorCommands: commandsFor(tap, url) }
  return { tap, secret: password, operatorCommands: [] }
}

export function keepTaps(options: KeptTapsOptions): KeptTaps {
  const { taps, users, checkEveryMs = 30_000 } = options
  const health = createHealthCell('api/taps')
  /** What is compared must not be in the making. */
  const inTurn = createTurns()
  /** The comparison that has not begun. */
  let next: Promise<void> | undefined
  const check = (): Promise<void> => {
    next ??= inTurn(async () => {
      next = undefined
      try {
        await compare(options)
        health.set('green')
      } catch (error) {
        health.set('yellow', `taps cannot be checked: ${reasonOf(error)}`)
      }
    })
    return next
  }
  const timer = setInterval(() => void check(), checkEveryMs)
  timer.unref()
  void check()

  return {
    create: (spec) => inTurn(() => makeTap(spec, options)),
    remove: (tenant, name) =>
      inTurn(async () => {
        const tap = (await taps.list(tenant)).find((each) => each.name === name)
        if (tap === undefined) return undefined
        await removeTap(tap, options)
        return users === undefined ? commandsToRemove(tapUserName(tap)) : []
      }),
    health: health.read,
    check,
    close: async () => {
      clearInterval(timer)
      await inTurn(async () => undefined)
    },
  }
}
