import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Catalog } from '@warren/stores/catalog/catalog'
import { startEmbeddedPostgres } from '@warren/stores/catalog/embedded-postgres'
import { openCatalog } from '@warren/stores/catalog/open'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ensureToken } from './ensure-token.ts'
import { hashOf } from './secrets.ts'

let folder: string
let postgres: Awaited<ReturnType<typeof startEmbeddedPostgres>>
let catalog: Catalog
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'warren-token-'))
  postgres = await startEmbeddedPostgres({ dataDir: folder })
  catalog = await openCatalog({ url: postgres.url })
})
afterAll(async () => {
  await catalog.close()
  await postgres.close()
  await rm(folder, { recursive: true, force: true })
})

const listed = async () =>
  (await catalog.tokens.list('default', { limit: 100, cursor: undefined })).items

it('makes a viewer token with exactly this secret, once', async () => {
  await ensureToken({ catalog, name: 'grafana', secret: 'wrn_first' })
  const made = await catalog.tokens.findBySecret(hashOf('wrn_first'))
  expect(made).toMatchObject({ name: 'grafana', role: 'viewer', tenant: 'default' })
  await ensureToken({ catalog, name: 'grafana', secret: 'wrn_first' })
  expect(await listed()).toEqual([made])
})

it('serves two apis that start at one time', async () => {
  const wish = { catalog, name: 'twice', secret: 'wrn_twice' }
  await Promise.all([ensureToken(wish), ensureToken(wish), ensureToken(wish)])
  expect((await listed()).filter(({ name }) => name === 'twice')).toHaveLength(1)
})

it('ends the token before when the secret is another one, and no token that a person made', async () => {
  const own = { id: 'own', name: 'grafana', role: 'viewer', tenant: 'default' } as const
  const times = { createdAt: new Date(), expiresAt: new Date(Date.now() + 60_000) }
  const secretHash = hashOf('wrn_own')
  await catalog.tokens.create({
    ...own,
    ...times,
    secretHash,
    isAlerting: false,
    deployments: undefined,
    lastUsedAt: null,
  })
  await ensureToken({ catalog, name: 'grafana', secret: 'wrn_second' })
  expect(await catalog.tokens.findBySecret(hashOf('wrn_first'))).toBeUndefined()
  expect(await catalog.tokens.findBySecret(hashOf('wrn_second'))).toBeDefined()
  expect(await catalog.tokens.findBySecret(secretHash)).toMatchObject({ id: 'own' })
})
