import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Refusal } from '../../http/refusal.ts'
import { parseParameters } from './parameters.ts'

/** Answers what it read, over real HTTP, as the gateway reads it. */
const app = express()
app.use(express.text({ type: 'application/x-www-form-urlencoded' }), (request, response) => {
  try {
    response.json(parseParameters(request))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    response.status(error.status).json({ error: error.message })
  }
})
const server = app.listen(0, '127.0.0.1')
let base: string
beforeAll(async () => {
  if (!server.listening) await once(server, 'listening')
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/query`
})
afterAll(() => void server.close())

type Pairs = readonly (readonly [string, string])[]
const own: Pairs = [
  ['db', 'warren'],
  ['q', 'SELECT v FROM cpu'],
]
const toText = (pairs: Pairs): string =>
  new URLSearchParams(pairs.map(([name, value]): [string, string] => [name, value])).toString()

async function read(pairs: Pairs, init: RequestInit = {}) {
  const response = await fetch(`${base}?${toText(pairs)}`, init)
  return { status: response.status, ...((await response.json()) as object) }
}

const post = (body: NonNullable<RequestInit['body']>, type?: string): RequestInit => ({
  method: 'POST',
  body,
  ...(type === undefined ? {} : { headers: { 'content-type': type } }),
})

describe('what is read', () => {
  it('is the form before the address, as at InfluxDB', async () => {
    const form = new URLSearchParams({ q: 'SELECT u FROM cpu', db: 'warren' })
    const address: Pairs = [...own.slice(1), ['db', 'other'], ['epoch', 'ms'], ['rp', '5m']]
    expect(await read(address, post(form))).toEqual({
      ...{ status: 200, text: 'SELECT u FROM cpu', bound: {}, policy: '5m', epoch: 'ms' },
      pretty: false,
    })
  })

  it.each([
    ['{"host":"a","n":{"integer":3}}', { host: 'a', n: { integer: 3 } }],
    // What InfluxDB's client for Go sends when there are none.
    ['null', {}],
    ['', {}],
  ])('is %s of params', async (params, bound) => {
    expect(await read([...own, ['params', params]])).toMatchObject({ status: 200, bound })
  })

  it('is nothing that only says how an answer is cut or that it may be waited for', async () => {
    const more: Pairs = [
      ['chunked', 'true'],
      ['chunk_size', '10'],
      ['precision', 'ms'],
      ['async', 'false'],
    ]
    expect(await read([...own, ...more])).toMatchObject({ status: 200, text: 'SELECT v FROM cpu' })
  })
})

describe('what is refused', () => {
  const q: Pairs = own.slice(1)
  it.each<readonly [string, Pairs, number, string]>([
    ['no query', own.slice(0, 1), 400, 'missing required parameter "q"'],
    ['no database', q, 400, 'database name required'],
    ['another database', [...q, ['db', 'warren_acme']], 403, 'database not found: warren_acme'],
    ['a parameter twice', [...own, ['q', 'DROP DATABASE x']], 400, 'given twice'],
    ['the database twice', [...own, ['db', 'warren']], 400, 'given twice'],
    ['a user in the address', [...own, ['u', 'admin']], 403, 'Authorization header'],
    ['a password in the address', [...own, ['p', 'secret']], 403, 'Authorization header'],
    ['a run that nobody waits for', [...own, ['async', 'true']], 403, 'asynchronous'],
    ['a node of a cluster', [...own, ['node_id', '1']], 403, 'node_id'],
    ['params that are no JSON', [...own, ['params', '{']], 400, 'params is not JSON'],
    ['params that are no object', [...own, ['params', '[1]']], 400, 'params is not a JSON object'],
    ['an unknown epoch', [...own, ['epoch', 'y']], 400, 'epoch "y" is none of'],
    ['an unknown parameter', [...own, ['what', 'x']], 400, 'unknown parameter "what"'],
  ])('%s', async (...[, pairs, status, error]) => {
    expect(await read(pairs)).toEqual({ status, error: expect.stringContaining(error) })
  })

  it.each([
    ['a parameter of the address in the form', 'application/x-www-form-urlencoded', 'u=a&p=b', 403],
    ['the query as the body', 'application/vnd.influxql', 'SELECT v FROM cpu', 400],
    ['JSON', 'application/json', '{"q":"SELECT v FROM cpu"}', 400],
    ['plain text', 'text/plain', 'q=x', 400],
  ])('%s', async (...[, type, body, status]) => {
    expect(await read(own, post(body, type))).toMatchObject({ status })
  })

  it('a multipart form, which may name a file of the server', async () => {
    const form = new FormData()
    form.set('q', new File(['SELECT v FROM cpu'], '/etc/passwd'))
    expect(await read(own, post(form))).toMatchObject({ status: 400 })
  })
})
