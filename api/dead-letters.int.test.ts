import type { DeadLetter } from '@warren/contracts/dead-letter'
import { deadLetterListSchema } from '@warren/contracts/http/dead-letters'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { openTestApi, type TestApi } from './testing.ts'

const path = '/api/v1/dead-letters'
let test: TestApi
beforeAll(async () => {
  test = await openTestApi()
  await test.catalog.tenants.ensure('acme')
})
afterAll(() => test.close())

const letter = (tenant: string, id: string, more: Partial<DeadLetter> = {}): DeadLetter => ({
  ...{ id, tenant, stream: 'metrics', code: 'malformed', reason: 'missing fields', attempts: 1 },
  first_seen: '2026-03-03T12:00:00.000Z',
  last_seen: '2026-03-03T12:00:00.000Z',
  origin: { exchange: 'warren.metrics', routing_key: 'default.-.a', message_id: 'm', index: 3 },
  item: btoa('nonsense'),
  ...more,
})

beforeEach(async () => {
  for (const tenant of ['default', 'acme', '-']) {
    await test.catalog.deadLetters.purge({ tenant })
    await test.catalog.deadLetters.put([
      letter(tenant, 'one'),
      letter(tenant, 'two', { stream: 'logs', code: 'no_timestamp' }),
      letter(tenant, 'three'),
    ])
  }
})

const ask = async (method: string, where: string, role: 'manager' | 'admin' = 'manager') => {
  const authorization = `Bearer ${await test.tokenOf(role)}`
  return test.fetch(where, { method, headers: { authorization } })
}
const idsOf = async (tenant: string) => {
  const { items } = await test.catalog.deadLetters.list({ tenant }, { limit: 9, cursor: undefined })
  return items.map(({ id }) => id).sort()
}

it('deletes one letter, of the own tenant alone', async () => {
  expect((await ask('DELETE', `${path}/one`)).status).toBe(204)
  expect((await ask('DELETE', `${path}/one`)).status).toBe(404)
  expect(await idsOf('default')).toEqual(['three', 'two'])
  expect(await idsOf('acme')).toHaveLength(3)
})

it('deletes those of a filter, and says how many', async () => {
  const answer = await ask('DELETE', `${path}?code=malformed`)
  expect([answer.status, await answer.json()]).toEqual([200, { deleted: 2 }])
  expect(await idsOf('default')).toEqual(['two'])
  expect(await idsOf('acme')).toHaveLength(3)
  // A misspelt filter would delete everything.
  expect((await ask('DELETE', `${path}?cod=no_timestamp`)).status).toBe(400)
  expect((await ask('DELETE', `${path}?code=absent`)).status).toBe(400)
  expect(await idsOf('default')).toEqual(['two'])
})

it('lets only an admin reach what is not of the own tenant', async () => {
  for (const tenant of ['acme', '-']) {
    expect((await ask('GET', `${path}?tenant=${tenant}`)).status).toBe(403)
    expect((await ask('DELETE', `${path}?tenant=${tenant}`)).status).toBe(403)
    expect((await ask('DELETE', `${path}/one?tenant=${tenant}`)).status).toBe(403)
    expect(await idsOf(tenant)).toHaveLength(3)
    const list = await ask('GET', `${path}?tenant=${tenant}`, 'admin')
    expect(deadLetterListSchema.parse(await list.json())).toMatchObject({ total: 3 })
    expect((await ask('DELETE', `${path}/one?tenant=${tenant}`, 'admin')).status).toBe(204)
    const purged = await ask('DELETE', `${path}?tenant=${tenant}`, 'admin')
    expect(await purged.json()).toEqual({ deleted: 2 })
  }
  expect(await idsOf('default')).toHaveLength(3)
})
