import { connect } from 'node:net'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestApi, type TestApi } from './testing.ts'

let warren: TestApi
let authorization: string
beforeAll(async () => {
  warren = await openTestApi()
  authorization = `Bearer ${await warren.tokenOf('viewer')}`
})
afterAll(() => warren?.close())

/** Three searches, together longer than a body may be. */
const long = `{}\n{"size":0}\n{}\n{"query":{"query_string":{"query":"${'x'.repeat(9 * 1024 ** 2)}"}}}\n\n{"size":0}\n`

const post = (path: string, body: RequestInit['body'], headers: object = {}) =>
  warren.fetch(`/gateway/elasticsearch/${path}`, {
    ...{ method: 'POST', body, duplex: 'half' },
    headers: { authorization, 'content-type': 'application/x-ndjson', ...headers },
  } as RequestInit)

it.each([
  ['with its length', () => long],
  ['in chunks', () => Readable.toWeb(Readable.from([Buffer.from(long)])) as never],
])('a body that is too long, sent %s: each of its searches says so', async (_, body) => {
  const answer = await post('_msearch', body())
  expect(answer.status).toBe(200)
  const reason = expect.stringMatching(/^the body is larger than this path takes \(request \S+\)$/)
  const failure = { status: 413, error: { reason, root_cause: [{ reason }] } }
  expect(await answer.json()).toMatchObject({ responses: [failure, failure, failure] })
  const id = answer.headers.get('x-request-id')
  const found = await warren.fetch(`/api/v1/query-insights/requests/${id}`, {
    headers: { authorization },
  })
  const text = expect.stringMatching(/^\{\}\n\{"size":0\}\n/)
  expect(await found.json()).toMatchObject({ items: [{ text, state: 'refused' }] })
})

it('a body whose searches nobody can count is refused as a whole', async () => {
  const plain = await post('_search', `{"query":"${'x'.repeat(9 * 1024 ** 2)}"}`)
  const packed = await post('_msearch', gzipSync(long), { 'content-encoding': 'gzip' })
  for (const answer of [plain, packed]) {
    expect(answer.status).toBe(413)
    expect(await answer.json()).toMatchObject({
      status: 413,
      error: { reason: expect.stringContaining('larger than') },
    })
  }
})

it('an address that is too long is answered with a text that says what to do', async () => {
  const { hostname, port } = new URL(warren.api.url)
  const socket = connect(Number(port), hostname)
  const q = encodeURIComponent(`SELECT v FROM m WHERE h =~ /^(${'x'.repeat(1024 ** 2)})$/`)
  socket.write(`GET /gateway/influxdb/query?q=${q} HTTP/1.1\r\nHost: warren\r\n\r\n`)
  const [head, body] = (await text(socket)).split('\r\n\r\n')
  expect(head).toMatch(/^HTTP\/1\.1 431 .*\r\nContent-Type: application\/json\r\n/)
  expect(JSON.parse(body ?? '')).toMatchObject({
    error: expect.stringMatching(/longer than 1048576 bytes; send the query in the body of a POST/),
  })
})
