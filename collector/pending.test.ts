import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { BinaryReader } from '@bufbuild/protobuf/wire'
import { expect, onTestFinished, test, vi } from 'vitest'
import { HttpError } from './http-error.ts'
import { limitPending } from './pending.ts'
import { maxSnappyRatio } from './wire/snappy.ts'

/** One that refuses whatever comes. */
async function startClosing(): Promise<string> {
  const options = { maxBodyBytes: 1_024, maxPendingBytes: 1_024, isClosing: () => true }
  const server = createServer(limitPending(options).listen(() => undefined)).listen(0)
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Answers what it has read of a body once that has ended. The path is the tenant. */
async function startReading(maxBodyBytes = 1_024, maxPendingBytes = 1_024) {
  const pending = limitPending({
    ...{ maxBodyBytes, maxPendingBytes, isClosing: () => false },
  })
  const listener = pending.listen((request, response) => {
    try {
      pending.claim(request, request.url ?? '')
    } catch (error) {
      if (!(error instanceof HttpError)) throw error
      const { status, message, retryAfterSeconds } = error
      response.writeHead(status, { 'Retry-After': String(retryAfterSeconds) }).end(message)
      return
    }
    text(request).then(
      (body) => response.end(body),
      () => response.destroy(),
    )
  })
  const server = createServer(listener).listen(0)
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  return { pending, port: (server.address() as AddressInfo).port }
}

const message = 'too much is waiting for the broker, send it again'

test('what does not fit is answered 503, to a sender of OTLP in its own encoding', async () => {
  const url = await startClosing()
  const post = (path: string, type: string) =>
    fetch(`${url}${path}`, { method: 'POST', body: 'x', headers: { 'content-type': type } })
  const protobuf = await post('/v1/logs', 'application/x-protobuf')
  expect([protobuf.status, protobuf.headers.get('retry-after')]).toEqual([503, '1'])
  expect(protobuf.headers.get('content-type')).toBe('application/x-protobuf')
  const reader = new BinaryReader(new Uint8Array(await protobuf.arrayBuffer()))
  expect([reader.uint32(), reader.int32(), reader.uint32(), reader.string()]).toEqual([
    ...[0x08, 14, 0x12, message],
  ])
  const json = await post('/v1/metrics?x=1', 'application/json')
  expect(await json.json()).toEqual({ code: 14, message })
  const other = await post('/write', 'application/x-protobuf')
  expect(other.headers.get('content-type')).toBe('application/json')
  expect(await other.json()).toEqual({ error: message, code: 'unavailable' })
})

test.each([
  ['/', '', 10],
  ['/', 'Content-Encoding: gzip\r\n', 10_320],
  ['/', 'Content-Encoding: zstd\r\n', 1_000_000],
  // Packed, and not said to be; paths are found in any case.
  ['/loki/api/v1/push', '', 10 * maxSnappyRatio],
  ['/LOKI/api/v1/push', '', 10 * maxSnappyRatio],
])('a body of 10 bytes to %s (%j) holds what it may unpack to', async (path, header, bytes) => {
  const { pending, port } = await startReading(1_000_000, 2_000_000)
  const socket = connect(port, '127.0.0.1')
  socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\n${header}Content-Length: 10\r\n\r\n`)
  await expect.poll(() => pending.bytes).toBe(bytes)
  socket.destroy()
  await pending.idle()
})

test('a tenant whose bodies do not come leaves room for a body of another', async () => {
  const { pending, port } = await startReading(256)
  const head = 'POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 256\r\n\r\n'
  const slow = await Promise.all(
    [1, 2, 3].map(async (count) => {
      const socket = connect(port, '127.0.0.1')
      onTestFinished(() => void socket.destroy())
      socket.write(`${head}half`)
      await expect.poll(() => pending.bytes).toBeGreaterThanOrEqual(256 * count)
      return socket
    }),
  )
  const post = (path: string) =>
    fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', body: 'x'.repeat(256) })
  const refused = await post('/slow')
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1'])
  expect(await refused.text()).toBe('too much of tenant /slow is on its way, send it again')
  expect((await post('/other')).status).toBe(200)
  await expect.poll(() => pending.bytes).toBe(768)
  slow[0]?.destroy()
  await expect.poll(() => pending.bytes).toBe(512)
  expect((await post('/slow')).status).toBe(200)
  slow[1]?.destroy()
  slow[2]?.destroy()
  await pending.idle()
})

test('a body that stops coming gives its room back; one that is slow has its answer', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  onTestFinished(() => void vi.useRealTimers())
  const { pending, port } = await startReading()
  const head = 'POST /write HTTP/1.1\r\nHost: x\r\nContent-Length: 600\r\n\r\n'
  const [silent, slow] = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')]
  silent.write(`${head}half`)
  await expect.poll(() => pending.bytes).toBe(600)
  const busy = await fetch(`http://127.0.0.1:${port}`, { method: 'POST', body: 'x'.repeat(600) })
  expect(busy.status).toBe(503)
  const isOver = once(silent, 'close')
  vi.advanceTimersByTime(15_000)
  vi.advanceTimersByTime(15_000)
  await isOver
  await expect.poll(() => pending.bytes).toBe(0)
  slow.write(head)
  await expect.poll(() => pending.bytes).toBe(600)
  for (let part = 0; part < 6; part++) {
    slow.write('x'.repeat(100))
    await new Promise((resolve) => setTimeout(resolve, 20))
    vi.advanceTimersByTime(15_000)
  }
  const [answer] = await once(slow, 'data')
  expect(String(answer)).toMatch(/^HTTP\/1\.1 200/)
  slow.destroy()
})
