import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, expect, it } from 'vitest'
import { answerClientErrors } from './answer-client-errors.ts'

let server: Server
afterEach(async () => {
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
})

async function listen(maxHeaderSize: number): Promise<number> {
  server = createServer({ maxHeaderSize }, (request, response) => {
    if (request.url === '/begun') response.write('half')
    else if (request.method === 'GET') response.end('ok')
  })
  answerClientErrors(server, maxHeaderSize)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** All that a connection answers until it is closed, which it must be. */
async function ask(port: number, ...parts: readonly string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  for (const part of parts) socket.write(part)
  return text(socket)
}

const bodyOf = (answer: string): unknown => JSON.parse(answer.split('\r\n\r\n').at(-1) ?? '')

it('says what a longer address may have, also to who sends on before reading', async () => {
  const port = await listen(64 * 1024)
  const answer = await ask(port, `GET /query?q=${'x'.repeat(8 * 1024 ** 2)} HTTP/1.1\r\n\r\n`)
  expect(answer).toMatch(/^HTTP\/1\.1 431 .*\r\nContent-Type: application\/json\r\n/)
  const error = expect.stringMatching(/longer than 65536 bytes; send the query in .* a POST/)
  expect(bodyOf(answer)).toEqual({ error, code: 'too_large', message: error })
})

it.each([
  ['no HTTP', 'hello\r\n\r\n', /cannot be read as HTTP/],
  ['two lengths', 'GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', /HTTP/],
  [
    'a chunk without a length',
    'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
    /chunk/i,
  ],
])('says why it cannot read %s', async (_, sent, reason) => {
  const answer = await ask(await listen(16_384), sent)
  expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/)
  expect(bodyOf(answer)).toMatchObject({ error: expect.stringMatching(reason) })
})

/** What comes after the first of an answer, once something else is sent. */
async function askThen(port: number, first: string, then: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.write(first)
  await once(socket, 'data')
  socket.write(then)
  return text(socket)
}

it('adds nothing to an answer that has begun, and answers after one that has ended', async () => {
  const port = await listen(16_384)
  const chunked = 'Host: a\r\nTransfer-Encoding: chunked\r\n\r\n'
  expect(await askThen(port, `POST /begun HTTP/1.1\r\n${chunked}`, 'zz\r\n')).toBe('')
  const plain = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
  expect(await askThen(port, plain, 'nonsense\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /)
})

it('keeps nothing of an answer that a connection has had while it waits for its next request', async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const port = await listen(16_384)
  const sent: WeakRef<object>[] = []
  server.on('request', (_, response) => sent.push(new WeakRef(response)))
  const socket = connect(port, '127.0.0.1')
  socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  await once(socket, 'data')
  await expect
    .poll(async () => {
      // References of a turn of the event loop are kept until it ends.
      await sleep(1)
      collect()
      return sent.map((response) => response.deref())
    })
    .toEqual([undefined])
  socket.destroy()
})
