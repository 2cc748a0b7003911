import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { adminPassword, openTestApi, type TestApi } from '@warren/api/testing'
import { sessionSchema } from '@warren/contracts/http/sessions'
import { statusSchema } from '@warren/contracts/http/status'
import { createdTokenSchema, tokenListSchema } from '@warren/contracts/http/tokens'
import { Secret } from '@warren/platform/secret'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createApiClient } from './client.ts'

let test: TestApi
beforeAll(async () => {
  test = await openTestApi()
})
afterAll(() => test.close())

const path = '/api/v1/tokens'
const as = (authorization: string) =>
  createApiClient({ url: test.api.url, authorization: new Secret(authorization) })
const asToken = async (role: 'manager' | 'viewer') => as(`Bearer ${await test.tokenOf(role)}`)

/** A server that is no Warren. */
async function serve(answer: RequestListener) {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  return { close, ask: createApiClient({ url, authorization: new Secret('Bearer x') }, 200) }
}

it('reads, sends a body, and deletes, as a token', async () => {
  const manager = await asToken('manager')
  const body = { name: 'of a test', role: 'viewer', expiresInDays: 1 }
  const { id } = await manager.read(createdTokenSchema, { method: 'POST', path, body })
  const { items } = await manager.read(tokenListSchema, {
    path,
    query: { limit: 1, cursor: undefined },
  })
  expect(items.map((token) => token.id)).toEqual([id])
  const headers = await manager.send({ method: 'DELETE', path: `${path}/${id}` })
  expect(headers.get('x-request-id')).toBeTruthy()
})

it('asks as the admin with a password', async () => {
  const admin = as(`Basic ${btoa(`admin:${adminPassword}`)}`)
  const session = await admin.read(sessionSchema, { path: '/api/v1/sessions/current' })
  expect(session).toMatchObject({ user: 'admin', role: 'admin' })
})

it('says in one line what the api says', async () => {
  const viewer = await asToken('viewer')
  await expect(viewer.send({ path })).rejects.toMatchObject({
    exitCode: 1,
    status: 403,
    code: 'forbidden',
    message: expect.stringMatching(/needs the role manager/),
  })
  await expect(viewer.send({ path, query: { limit: 'x' } })).rejects.toMatchObject({ status: 403 })
  const manager = await asToken('manager')
  await expect(manager.send({ path, query: { limit: 'x' } })).rejects.toMatchObject({ exitCode: 2 })
  await expect(as('Bearer wrn_nobody').send({ path })).rejects.toMatchObject({ status: 401 })
})

it('gives a stream once it begins, and ends it when told', async () => {
  const viewer = await asToken('viewer')
  const ended = new AbortController()
  const call = { path: '/api/v1/logs/tail', signal: ended.signal }
  const { body, headers } = await viewer.open(call)
  expect(headers.get('content-type')).toContain('text/event-stream')
  ended.abort(new Error('enough'))
  await expect(body?.getReader().read()).rejects.toThrow('enough')
})

it('waits no longer than its deadline, for the beginning or the whole', async () => {
  const mute = await serve(() => undefined)
  const message = expect.stringMatching(/has not answered for 0\.2 s/)
  await expect(mute.ask.open({ path })).rejects.toMatchObject({ exitCode: 1, message })
  mute.close()
  const slow = await serve((_, response) => void response.write('{'))
  await expect(slow.ask.read(statusSchema, { path })).rejects.toMatchObject({
    exitCode: 1,
    message,
  })
  slow.close()
  await expect(slow.ask.read(statusSchema, { path })).rejects.toMatchObject({
    message: expect.stringMatching(/cannot be reached: .*ECONNREFUSED/),
  })
})

it('tells a server that is no Warren, and follows it nowhere', async () => {
  const other = await serve((request, response) => {
    if (request.url === '/moved') response.writeHead(302, { location: '/' }).end()
    else response.writeHead(request.url === '/' ? 200 : 404).end('<p>hello</p>')
  })
  for (const at of ['/moved', '/absent'])
    await expect(other.ask.send({ path: at })).rejects.toThrow(/is there a Warren at this address/)
  await expect(other.ask.read(statusSchema, { path: '/' })).rejects.toThrow(/another version/)
  other.close()
})
