import { freePort } from '@warren/test-servers/free-port'
import { startPostgres } from '@warren/test-servers/postgres'
import type { TestServer } from '@warren/test-servers/test-server'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { catalogContract } from './catalog.contract.ts'
import { openCatalog } from './open.ts'

let server: TestServer
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.close())

catalogContract('PostgreSQL 15', {
  open: () => openCatalog({ url: server.url }),
  async crash() {
    await server.kill('SIGQUIT')
    // Long enough for a question to find nobody.
    await new Promise((resolve) => setTimeout(resolve, 50))
    await server.restart()
  },
})

test('opening says at the deadline why it could not', async () => {
  const url = `postgres://postgres@127.0.0.1:${await freePort()}/postgres`
  await expect(openCatalog({ url, openTimeoutMs: 300 })).rejects.toMatchObject({
    disposition: 'retry',
    message: expect.stringMatching(/could not be opened within 0\.3 s: .*ECONNREFUSED/),
  })
})

test('opening waits for a server that is about to answer', async () => {
  await server.kill('SIGQUIT')
  const opening = openCatalog({ url: server.url, openTimeoutMs: 20_000 })
  await server.restart()
  const catalog = await opening
  await catalog.check()
  await catalog.close()
})

test('a catalog of a newer version is not touched', async () => {
  const client = new pg.Client(server.url)
  await client.connect()
  await client.query('create database newer')
  await client.end()
  const url = server.url.replace(/postgres$/, 'newer')
  await (await openCatalog({ url })).close()
  const newer = new pg.Client(url)
  await newer.connect()
  await newer.query("insert into kysely_migration values ('9999-of-the-future', '2999-01-01')")
  await newer.end()
  await expect(openCatalog({ url })).rejects.toMatchObject({
    code: 'catalog_too_new',
    disposition: 'fatal',
  })
})

test('a server that is stopped without a word costs no more than the time limit', async () => {
  const catalog = await openCatalog({ url: server.url, statementTimeoutMs: 300 })
  await server.kill('SIGSTOP')
  // The backend of the pooled connection is a process of its own; only new connections hang.
  const asked = await Promise.allSettled([catalog.check(), catalog.check(), catalog.check()])
  await server.kill('SIGCONT')
  for (const outcome of asked)
    if (outcome.status === 'rejected')
      expect(outcome.reason).toMatchObject({ disposition: 'retry' })
  await catalog.check()
  await catalog.close()
})
