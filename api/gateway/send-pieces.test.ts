import { once } from 'node:events'
import { createServer, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { cutWhenSlow, sendPieces } from './send-pieces.ts'

/** More than the operating system takes for a reader that does nothing. */
const pieces = Array.from({ length: 512 }, (_, at) => Buffer.alloc(128 * 1024, at))

/** What became of an answer that is sent so, and what the client got of it before it was over. */
async function answer(send: (response: ServerResponse) => Promise<void>, reads: boolean) {
  const outcome = Promise.withResolvers<unknown>()
  const closed = Promise.withResolvers<void>()
  const server = createServer((_, response) => {
    response.once('close', closed.resolve)
    response.writeHead(200)
    send(response).then(() => outcome.resolve('sent'), outcome.resolve)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const asked = request({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' })
  asked.on('error', () => undefined).end()
  onTestFinished(() => {
    asked.destroy()
    server.closeAllConnections()
    server.close()
  })
  const [received] = await once(asked, 'response')
  received.on('error', () => undefined)
  const body = reads ? await buffer(received) : Buffer.alloc(0)
  await closed.promise
  return { outcome: await outcome.promise, body }
}

test.each([false, true])('pieces come as one body (packed: %j)', async (isPacked) => {
  const options = { isPacked, deadlineMs: 60_000 }
  const { outcome, body } = await answer((response) => sendPieces(response, pieces, options), true)
  expect(outcome).toBe('sent')
  expect((isPacked ? gunzipSync(body) : body).equals(Buffer.concat(pieces))).toBe(true)
})

test('who reads nothing is cut at the deadline, with the reason', async () => {
  const options = { isPacked: false, deadlineMs: 300 }
  const { outcome } = await answer((response) => sendPieces(response, pieces, options), false)
  expect(outcome).toMatchObject({ code: 'query_deadline' })
})

test('so is who reads nothing of a body in one piece', async () => {
  const body = Buffer.concat(pieces)
  const { outcome } = await answer(async (response) => {
    response.end(body)
    cutWhenSlow(response, body.length, 300)
    await once(response, 'close')
  }, false)
  expect(outcome).toBe('sent')
})
