import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Catalog, StoredTap, StoredToken } from './catalog.ts'
import { collect, deadLettersContract } from './dead-letters.contract.ts'
import { metricsContract } from './metrics.contract.ts'
import { queryLimitsContract } from './query-limits.contract.ts'
import { replaysContract } from './replays.contract.ts'

export interface CatalogContractOptions {
  /** Of an empty database; another process's catalog on the same data each time. */
  readonly open: () => Promise<Catalog>
  /** Ends the server at once and starts it again. */
  readonly crash: () => Promise<void>
}

const hourMs = 3_600_000
const inAnHour = () => new Date(Date.now() + hourMs)
const anHourAgo = () => new Date(Date.now() - hourMs)
const hash = (): Uint8Array => randomBytes(32)
let names = 0
const newName = (): string => `n${names++}`

const token = (tenant: string, more: Partial<StoredToken> = {}): StoredToken => ({
  id: newName(),
  secretHash: hash(),
  name: 'of a test',
  role: 'viewer',
  tenant,
  isAlerting: false,
  deployments: undefined,
  createdAt: new Date('2026-03-03T12:00:00.123Z'),
  expiresAt: inAnHour(),
  lastUsedAt: null,
  ...more,
})

/** What the catalog owes on every server it may be kept in. */
export function catalogContract(name: string, { open, crash }: CatalogContractOptions): void {
  describe(`a catalog in ${name}`, () => {
    let catalog: Catalog
    beforeAll(async () => {
      // Three processes start at once on an empty database.
      const [first, ...others] = await Promise.all([open(), open(), open()])
      if (first === undefined) throw new Error('BUG: three were opened')
      catalog = first
      for (const other of others) await other.close()
    })
    afterAll(() => catalog.close())

    test('what a tenant keeps is the default until it is set', async () => {
      const [tenant, other] = [newName(), newName()]
      const byDefault = { metricsDays: 30, metrics5mDays: 180, metrics1hDays: 730, logsDays: 30 }
      const rollups = { metrics5mDays: 60, metrics1hDays: 365 }
      expect(await catalog.retention.of(tenant)).toEqual(byDefault)
      await catalog.retention.put(tenant, { ...byDefault, metricsDays: 7, logsDays: 400 })
      await catalog.retention.put(tenant, { ...rollups, metricsDays: 8, logsDays: 401 })
      expect(await catalog.retention.of(tenant)).toEqual({
        ...rollups,
        metricsDays: 8,
        logsDays: 401,
      })
      expect(await catalog.retention.of(other)).toEqual(byDefault)
    })

    test('users are put, replaced and found', async () => {
      const user = {
        name: newName(),
        passwordHash: '$argon2id$1',
        role: 'admin',
        tenant: 'default',
      } as const
      expect(await catalog.users.find(user.name)).toBeUndefined()
      await catalog.users.put(user)
      const rest = { failedSignIns: 0, lockedUntil: null }
      expect(await catalog.users.find(user.name)).toEqual({ ...user, ...rest })
      await catalog.users.put({ ...user, passwordHash: '$argon2id$2', role: 'viewer' })
      expect(await catalog.users.find(user.name)).toEqual({
        ...user,
        ...rest,
        passwordHash: '$argon2id$2',
        role: 'viewer',
      })
    })

    test('failures that come together are all counted, and lock at the bound', async () => {
      const name = newName()
      const lock = { failures: 20, lockUntil: inAnHour() }
      await catalog.users.put({ name, passwordHash: 'x', role: 'viewer', tenant: 'default' })
      await Promise.all(Array.from({ length: 19 }, () => catalog.users.countFailure(name, lock)))
      expect(await catalog.users.find(name)).toMatchObject({ failedSignIns: 19, lockedUntil: null })
      await catalog.users.countFailure(name, lock)
      expect(await catalog.users.find(name)).toMatchObject({
        failedSignIns: 20,
        lockedUntil: lock.lockUntil,
      })
      await catalog.users.resetFailures(name)
      expect(await catalog.users.find(name)).toMatchObject({ failedSignIns: 0, lockedUntil: null })
      await catalog.users.countFailure('nobody', lock)
    })

    test('sessions are found until they expire or are removed', async () => {
      const user = newName()
      const session = { secretHash: hash(), user, expiresAt: inAnHour() }
      const expired = { secretHash: hash(), user, expiresAt: anHourAgo() }
      const other = { secretHash: hash(), user, expiresAt: inAnHour() }
      for (const each of [session, expired, other]) await catalog.sessions.create(each)
      const found = await catalog.sessions.find(session.secretHash)
      expect(found).toMatchObject({ user, expiresAt: session.expiresAt })
      expect(Buffer.from(found?.secretHash ?? []).equals(session.secretHash)).toBe(true)
      expect(await catalog.sessions.find(expired.secretHash)).toBeUndefined()
      await catalog.sessions.remove(session.secretHash)
      expect(await catalog.sessions.find(session.secretHash)).toBeUndefined()
      await catalog.sessions.removeOf(user)
      expect(await catalog.sessions.find(other.secretHash)).toBeUndefined()
    })

    test('tokens are found by their secret, used in any order, removed by their tenant only', async () => {
      const tenant = newName()
      const [good, expired] = [
        token(tenant, { isAlerting: true, deployments: ['shop', "o'neil, {x}"] }),
        token(tenant, { expiresAt: anHourAgo() }),
      ]
      await catalog.tokens.create(good)
      await catalog.tokens.create(expired)
      expect(await catalog.tokens.findBySecret(good.secretHash)).toMatchObject({
        id: good.id,
        isAlerting: true,
        deployments: ['shop', "o'neil, {x}"],
        createdAt: good.createdAt,
        lastUsedAt: null,
      })
      expect(await catalog.tokens.findBySecret(expired.secretHash)).toBeUndefined()
      const [earlier, later] = [new Date('2026-01-01'), new Date('2026-01-02')]
      await catalog.tokens.touch(good.id, later)
      await catalog.tokens.touch(good.id, earlier)
      expect(await catalog.tokens.findBySecret(good.secretHash)).toMatchObject({
        lastUsedAt: later,
      })
      expect(await catalog.tokens.remove('another', good.id)).toBe(false)
      expect(await catalog.tokens.remove(tenant, good.id)).toBe(true)
      expect(await catalog.tokens.remove(tenant, good.id)).toBe(false)
      expect(await catalog.tokens.findBySecret(good.secretHash)).toBeUndefined()
    })

    test('a second token of one id or secret is refused', async () => {
      const first = token(newName())
      await catalog.tokens.create(first)
      await expect(catalog.tokens.create(first)).rejects.toMatchObject({ disposition: 'reject' })
    })

    test('pages show each token once, newest first, also where the times are equal', async () => {
      const tenant = newName()
      const at = (second: number) => new Date(Date.UTC(2026, 2, 3, 12, 0, second, 7))
      const tokens = [1, 2, 2, 2, 3, 3, 4].map((second) => token(tenant, { createdAt: at(second) }))
      for (const each of tokens) await catalog.tokens.create(each)
      await catalog.tokens.create(token(newName()))
      const pages = await collect((page) => catalog.tokens.list(tenant, page), 2)
      expect(pages.map(({ length }) => length)).toEqual([2, 2, 2, 1])
      const listed = pages.flat()
      expect(new Set(listed.map(({ id }) => id))).toEqual(new Set(tokens.map(({ id }) => id)))
      const times = listed.map(({ createdAt }) => createdAt.getTime())
      expect(times).toEqual(times.toSorted((a, b) => b - a))
    })

    test('a cursor of another list, or of nobody, is refused; a limit is bounded', async () => {
      for (const cursor of ['nonsense', '', Buffer.from('["1"]').toString('base64url')])
        await expect(catalog.tokens.list('default', { limit: 1, cursor })).rejects.toMatchObject({
          code: 'bad_cursor',
          disposition: 'reject',
        })
      const page = await catalog.tokens.list('default', { limit: 1e9, cursor: undefined })
      expect(page.nextCursor).toBeNull()
    })

    test('tenants are made once', async () => {
      const tenant = newName()
      expect(await catalog.tenants.has(tenant)).toBe(false)
      await Promise.all([1, 2, 3].map(() => catalog.tenants.ensure(tenant)))
      expect(await catalog.tenants.has(tenant)).toBe(true)
      const all = await catalog.tenants.list()
      expect(all.filter((each) => each === tenant)).toEqual([tenant])
    })

    deadLettersContract(() => catalog)
    replaysContract(() => catalog)

    metricsContract(() => catalog)
    queryLimitsContract(() => catalog)

    test('taps are made up to a limit, also at once, listed by name, removed by their tenant only', async () => {
      const tenant = newName()
      const tap = (name: string): StoredTap => ({
        tenant,
        name,
        streams: ['metrics', 'events'],
        deployment: 'shop',
        maxBytes: 1024,
        messageTtlMs: 1000,
        expiresMs: 2_592_000_000,
        passwordHash: null,
        createdAt: new Date('2026-03-03T12:00:00.123Z'),
        usedAt: null,
      })
      const made = await Promise.all(
        ['c', 'a', 'b', 'd'].map((name) => catalog.taps.create(tap(name), 3)),
      )
      expect(made.toSorted()).toEqual(['created', 'created', 'created', 'full'])
      const listed = await catalog.taps.list(tenant)
      expect(listed).toEqual(listed.map(({ name }) => tap(name)))
      const [first = tap('-')] = listed
      expect(await catalog.taps.create(first, 9)).toBe('exists')
      await catalog.taps.touch(tenant, first.name, new Date('2026-03-04'))
      await catalog.taps.touch(tenant, first.name, new Date('2026-03-03'))
      const everywhere = await catalog.taps.list(undefined)
      expect(everywhere.find(({ name }) => name === first.name)?.usedAt).toEqual(
        new Date('2026-03-04'),
      )
      expect(await catalog.taps.remove('another', first.name)).toBe(false)
      expect(await catalog.taps.remove(tenant, first.name)).toBe(true)
      expect(await catalog.taps.remove(tenant, first.name)).toBe(false)
      expect((await catalog.taps.list(tenant)).map(({ name }) => name)).not.toContain(first.name)
    })

    test('deployments of Cloudify are known to their tenant, `*` is all', async () => {
      const [some, all] = [newName(), newName()]
      await catalog.cloudifyDeployments.add(some, ['shop', 'a.b'])
      await catalog.cloudifyDeployments.add(some, ['shop', 'web'])
      await catalog.cloudifyDeployments.add(all, ['*'])
      const known = (tenant: string) =>
        Promise.all(
          ['shop', 'a.b', 'web', 'axb'].map((name) =>
            catalog.cloudifyDeployments.has(tenant, name),
          ),
        )
      expect(await known(some)).toEqual([true, true, true, false])
      expect(await known(all)).toEqual([true, true, true, true])
      expect(await known('nobody')).toEqual([false, false, false, false])
      expect(await catalog.cloudifyDeployments.tenants()).toEqual([some, all].toSorted())
    })

    test('a second opening finds everything and changes nothing', async () => {
      const tenant = newName()
      await catalog.tenants.ensure(tenant)
      const other = await open()
      expect(await other.tenants.has(tenant)).toBe(true)
      await other.close()
      await other.close()
    })

    test('a server that crashes is away with a reason, and found again with all that was put', async () => {
      const tenant = newName()
      await catalog.tenants.ensure(tenant)
      const outcomes: Promise<unknown>[] = []
      const stop = setInterval(() => {
        outcomes.push(catalog.tenants.has(tenant).catch((error: unknown) => error))
      }, 5)
      await crash()
      clearInterval(stop)
      for (const outcome of await Promise.all(outcomes))
        if (outcome !== true)
          expect(outcome).toMatchObject({ name: 'WarrenError', disposition: 'retry' })
      expect((await Promise.all(outcomes)).filter((outcome) => outcome !== true)).not.toEqual([])
      await catalog.check()
      expect(await catalog.tenants.has(tenant)).toBe(true)
    })
  })
}
