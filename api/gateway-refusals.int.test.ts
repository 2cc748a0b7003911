import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { openTestApi, type TestApi } from './testing.ts'

let test: TestApi
let token: string
beforeAll(async () => {
  test = await openTestApi()
  token = await test.tokenOf('viewer')
})
afterAll(() => test.close())

const bearer = () => ({ authorization: `Bearer ${token}` })
const q = 'SELECT "usage" FROM "cpu"'

const query = (parameters: Record<string, string>, init: RequestInit = {}) =>
  test.fetch(`/gateway/influxdb/query?${new URLSearchParams(parameters)}`, {
    ...init,
    headers: { ...bearer(), ...init.headers },
  })

/** The store itself, watched. */
const watchStore = () => vi.spyOn(test.metricStore, 'query')

it('asks the store what is not refused', async () => {
  const asked = watchStore()
  expect((await query({ db: 'warren', q })).status).toBe(200)
  expect(asked).toHaveBeenCalled()
})

it.each([
  [{ db: 'warren' }, 400, 'missing required parameter "q"'],
  [{ q }, 400, 'database name required'],
  [{ db: 'warren_acme', q }, 403, 'database not found: warren_acme'],
  [{ db: 'warren', rp: 'other', q }, 403, 'retention policy not found: other'],
  [{ db: 'warren', q, u: 'a', p: 'b' }, 403, 'credentials in an address end up in logs'],
  [{ db: 'warren', q, what: 'x' }, 400, 'unknown parameter "what"'],
  [{ db: 'warren', q: 'SELEC' }, 400, 'error parsing query: found SELEC'],
  [{ db: 'warren', q: 'DROP DATABASE warren' }, 403, "statement 'DROP DATABASE'"],
  [{ db: 'warren', q: 'SELECT * INTO x FROM cpu' }, 403, "statement 'SELECT INTO'"],
  [{ db: 'warren', q: 'SELECT * FROM warren_acme..cpu' }, 403, 'database not found: warren_acme'],
  [{ db: 'warren', q: `${q}; DELETE FROM cpu` }, 403, "statement 'DELETE'"],
  [{ db: 'warren', q: `${q};\0 DROP DATABASE x` }, 403, 'found a control character at line 1'],
  [
    { db: 'warren', q: `${q} WHERE h = $h`, params: '{"h":"a\\u0000b"}' },
    403,
    'found a control character in $h',
  ],
  [{ db: 'warren', q: `${q} WHERE time != 0` }, 400, 'invalid time comparison operator: !='],
  [
    { db: 'warren', q: 'SELECT max(usage) FROM cpu WHERE time > 0 GROUP BY time(1ms)' },
    400,
    'ask for a longer interval or a shorter range',
  ],
])('refuses %j with %i and asks no store', async (parameters, status, text) => {
  const asked = watchStore().mockClear()
  const response = await query(parameters as unknown as Record<string, string>)
  const body = await response.text()
  expect([response.status, body]).toEqual([
    status,
    expect.stringContaining(JSON.stringify(text).slice(1, -1)),
  ])
  expect(body).toMatch(/^\{"error":"[^"]/)
  expect(response.headers.get('x-influxdb-error')).toContain(text)
  expect(asked).not.toHaveBeenCalled()
})

it('refuses a body that is no form, a parameter given twice and what is not there', async () => {
  const multipart = new FormData()
  multipart.set('q', q)
  const statuses = await Promise.all(
    [
      query({ db: 'warren' }, { method: 'POST', body: multipart }),
      query({ db: 'warren' }, { method: 'POST', body: JSON.stringify({ q }) }),
      query(
        { db: 'warren' },
        { method: 'POST', body: q, headers: { 'content-type': 'application/vnd.influxql' } },
      ),
      test.fetch('/gateway/influxdb/query?db=warren&q=a&q=b', { headers: bearer() }),
      query({ db: 'warren', q }, { method: 'PUT' }),
      test.fetch('/gateway/influxdb/write?db=warren', { method: 'POST', headers: bearer() }),
      test.fetch('/gateway/influxdb/ping'),
      test.fetch('/gateway/influxdb/ping', { headers: bearer() }),
    ].map(async (response) => (await response).status),
  )
  expect(statuses).toEqual([400, 400, 400, 400, 405, 404, 401, 204])
})
