import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { type AddressInfo, createServer as createSocketServer, type Socket } from 'node:net'
import { freeBytes } from '@warren/platform/free-bytes'
import { expect, onTestFinished, test } from 'vitest'
import { createLineSender } from '../influx/line-sender.ts'
import { trySend } from '../influx/write-failure.ts'
import { writeLines } from '../influx/write-lines.ts'
import type { LineBatch } from '../write-outcome.ts'
import { createHttpSender } from './sender.ts'

type Serve = (...given: Parameters<RequestListener>) => Promise<unknown>

async function serve(listener: Serve): Promise<string> {
  const server = createServer((...given) => void listener(...given)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

/** More than the operating system keeps on the way between two processes. */
const longBytes = 32 * 1024 ** 2

function longBatch() {
  const line = Buffer.from(`m v=1 ${'1'.repeat(19)}\n`)
  const count = Math.ceil(longBytes / 2 / line.length)
  const piece = () => ({
    bytes: new Uint8Array(Buffer.alloc(count * line.length, line)),
    starts: Uint32Array.from({ length: count + 1 }, (_, at) => at * line.length),
  })
  const pieces = [piece(), piece()]
  let released = 0
  const batch: LineBatch = {
    tenant: 'default',
    get bytes(): Uint8Array {
      throw new Error('asked for as a whole')
    },
    starts: Uint32Array.from({ length: 2 * count + 1 }, (_, at) => at * line.length),
    pieces,
    release: () => {
      released += 1
      for (const { bytes } of pieces) freeBytes(bytes)
    },
  }
  return { batch, expected: Buffer.alloc(2 * count * line.length, line), released: () => released }
}

function writerTo(url: string, gzip: boolean) {
  const sender = createLineSender({ url, authorization: undefined, gzip, timeoutMs: 30_000 })
  onTestFinished(() => sender.close())
  return (batch: LineBatch) => writeLines(batch, (lines) => trySend(sender, '/write', lines))
}

test('pieces arrive as one body of known length, and all of it is sent once a server has read it', async () => {
  const seen = Promise.withResolvers<{ length: string | undefined; text: string }>()
  const url = await serve(async (request, response) => {
    const text = (await bodyOf(request)).toString()
    seen.resolve({ length: request.headers['content-length'], text })
    response.end('fine')
  })
  const sender = createHttpSender({ url, headers: {}, timeoutMs: 30_000 })
  onTestFinished(() => sender.close())
  const body = ['one,', 'two,', '', 'three'].map((text) => Buffer.from(text))
  const answer = await sender.send({ method: 'POST', path: '/', body })
  expect(answer).toMatchObject({ status: 200, isSent: true })
  expect(answer.body.toString()).toBe('fine')
  expect(await seen.promise).toEqual({ length: '13', text: 'one,two,three' })
})

test.each([true, false])(
  'a store that has read a batch releases it, once (gzip: %j)',
  async (gzip) => {
    const url = await serve(async (request, response) => {
      await bodyOf(request)
      response.writeHead(204).end()
    })
    const { batch, released } = longBatch()
    expect(await writerTo(url, gzip)(batch)).toEqual({ refused: [] })
    expect(released()).toBe(1)
  },
)

/** Answers what was asked before it has read more than the beginning; `rest` reads on, and resolves with the whole body. */
async function serveHastily() {
  const accepted = Promise.withResolvers<Socket>()
  const server = createSocketServer((socket) => accepted.resolve(socket)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const answered = accepted.promise.then(async (socket) => {
    onTestFinished(() => void socket.destroy())
    const [first] = (await once(socket, 'data')) as [Buffer]
    socket.pause()
    socket.write('HTTP/1.1 204 No Content\r\n\r\n')
    return { socket, first }
  })
  const rest = async (bytes: number): Promise<Buffer> => {
    const { socket, first } = await answered
    const parts = [first.subarray(first.indexOf('\r\n\r\n') + 4)]
    let missing = bytes - (parts[0]?.length ?? 0)
    for await (const part of socket as AsyncIterable<Buffer>) {
      parts.push(part)
      missing -= part.length
      if (missing <= 0) break
    }
    return Buffer.concat(parts)
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, rest }
}

test('a store that answers before it has read the batch, and reads on later, sees no byte changed', async () => {
  const { url, rest } = await serveHastily()
  const { batch, expected, released } = longBatch()
  expect(await writerTo(url, false)(batch)).toEqual({ refused: [] })
  expect(released()).toBe(0)
  const body = await rest(expected.length)
  expect(body.equals(expected)).toBe(true)
})

test('what failed is not released', async () => {
  const url = await serve(async (request) => request.socket.destroy())
  const { batch, released } = longBatch()
  await expect(writerTo(url, false)(batch)).rejects.toMatchObject({ disposition: 'retry' })
  expect(released()).toBe(0)
})

/** Counts connections; how each request is answered is said by its path. */
async function serveByPath() {
  const sockets = new Set<Socket>()
  const url = await serve(async (request, response) => {
    sockets.add(request.socket)
    await bodyOf(request)
    switch (request.url ?? '') {
      case '/hang':
        return
      case '/cut':
        response.writeHead(200, { 'content-length': 100 }).write('half')
        setImmediate(() => request.socket.destroy())
        return
      case '/last':
        response.writeHead(200, { connection: 'close' }).end('last')
        return
      default:
        response.writeHead(200).write('in ')
        response.end('chunks')
    }
  })
  const sender = createHttpSender({ url, headers: { 'x-always': 'a' }, timeoutMs: 30_000 })
  onTestFinished(() => sender.close())
  const ask = (path: string, more: object = {}) =>
    sender.send({ method: 'POST', path, body: 'q=1', ...more })
  return { ask, sockets }
}

test('questions one after the other take one connection, those at once one each', async () => {
  const { ask, sockets } = await serveByPath()
  for (let count = 0; count < 3; count++) expect((await ask('/')).body.toString()).toBe('in chunks')
  expect(sockets.size).toBe(1)
  await Promise.all([ask('/'), ask('/'), ask('/')])
  expect(sockets.size).toBe(3)
})

test('a connection that a server closes is not asked again', async () => {
  const { ask, sockets } = await serveByPath()
  expect((await ask('/last')).body.toString()).toBe('last')
  expect((await ask('/')).status).toBe(200)
  const [, second] = sockets
  second?.destroy()
  await expect
    .poll(() =>
      ask('/').then(
        ({ status }) => status,
        () => 0,
      ),
    )
    .toBe(200)
})

test('an answer that is cut, late or no longer wanted is none, and ends its connection alone', async () => {
  const { ask } = await serveByPath()
  await expect(ask('/cut')).rejects.toThrow(/cut|ECONNRESET/)
  await expect(ask('/hang', { timeoutMs: 50 })).rejects.toMatchObject({ name: 'AbortError' })
  const leaving = new AbortController()
  const left = ask('/hang', { signal: leaving.signal })
  leaving.abort()
  await expect(left).rejects.toMatchObject({ name: 'AbortError' })
  await expect(ask('/', { signal: leaving.signal })).rejects.toMatchObject({ name: 'AbortError' })
  expect((await ask('/')).status).toBe(200)
})

test('nothing that is sent can end its line of the head', async () => {
  const { ask } = await serveByPath()
  await expect(ask('/ HTTP/1.1\r\nx: y')).rejects.toThrow('must be escaped')
  await expect(ask('/', { headers: { a: 'b\nc: d' } })).rejects.toThrow('cannot be a header')
})
