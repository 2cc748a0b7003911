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

it('lists by kind, time and reason, of every tenant for an admin; shows one whole', async () => {
  const find = async (query: string, role: 'manager' | 'admin' = 'manager') => {
    const answer = await ask('GET', `${path}?${query}`, role)
    expect(answer.status).toBe(200)
    return deadLetterListSchema.parse(await answer.json())
  }
  expect(await find('text=MISSING&stream=logs')).toMatchObject({ total: 3, matching: 1 })
  expect(await find('lastSeenFrom=2026-03-03T12:00:00.001Z')).toMatchObject({ matching: 0 })
  expect((await find('tenant=*&code=no_timestamp', 'admin')).items).toHaveLength(3)
  expect((await ask('GET', `${path}?tenant=*`)).status).toBe(403)
  expect((await ask('GET', `${path}?firstSeenTo=yesterday`)).status).toBe(400)
  const one = await ask('GET', `${path}/one`)
  expect(one.headers.get('etag')).toBe('"1"')
  expect(await one.json()).toMatchObject({ id: 'one', bytes: 8, version: 1, edited_by: null })
  expect((await ask('GET', `${path}/absent`)).status).toBe(404)
  expect((await ask('GET', `${path}/one?tenant=*`, 'admin')).status).toBe(400)
})

const edit = async (body: object, ifMatch?: string, role: 'manager' | 'operator' = 'manager') =>
  test.fetch(`${path}/one`, {
    method: 'PATCH',
    headers: {
      authorization: `Bearer ${await test.tokenOf(role)}`,
      'content-type': 'application/json',
      ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
    },
    body: JSON.stringify(body),
  })

it('edits the version that was seen, says who did it, and leaves the tenant alone', async () => {
  expect((await edit({ text: 'cpu v=1' })).status).toBe(428)
  expect((await edit({ text: 'cpu v=1' }, '"7"')).status).toBe(412)
  expect((await edit({ text: 'cpu v=1' }, '"1"', 'operator')).status).toBe(403)
  for (const wrong of [
    {},
    { text: '' },
    { text: 'a', item: 'YQ==' },
    { item: '%' },
    { tenant: 'acme' },
  ])
    expect((await edit(wrong, '"1"')).status).toBe(400)
  expect((await edit({ text: 'x'.repeat(4 * 1024 ** 2 + 1) }, '"1"')).status).toBe(400)
  const done = await edit({ text: 'cpu v=1', deployment: 'shop.eu', source: null }, '"1"')
  expect([done.status, done.headers.get('etag')]).toEqual([200, '"2"'])
  expect(await done.json()).toMatchObject({
    item: btoa('cpu v=1'),
    edited_by: 'token manager',
    origin: { routing_key: 'default.shop%2Eeu.-' },
  })
  expect((await edit({ text: 'cpu v=2' }, '"1"')).status).toBe(412)
  expect((await edit({ item: btoa('\0\x01') }, '"2"')).status).toBe(200)
  const large = await edit({ text: 'ü'.repeat(2 * 1024 ** 2) }, '"3"')
  expect(await large.json()).toMatchObject({ bytes: 4 * 1024 ** 2 })
  expect((await test.catalog.deadLetters.find('acme', 'one'))?.version).toBe(1)
})

it('counts them by tenant, stream and code', async () => {
  const shown = await test.metrics.metrics()
  expect(shown).toContain(
    'warren_api_dead_letters{tenant="acme",stream="metrics",code="malformed"} 2',
  )
  expect(shown).toContain(
    'warren_api_dead_letter_bytes{tenant="acme",stream="logs",code="no_timestamp"} 8',
  )
})

it('says that no broker is known rather than that a replay began', async () => {
  const answer = await test.fetch('/api/v1/dead-letter-replays', {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await test.tokenOf('manager')}`,
      'content-type': 'application/json',
    },
    body: '{}',
  })
  expect(answer.status).toBe(501)
})
