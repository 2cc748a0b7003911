import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { BinaryReader } from '@bufbuild/protobuf/wire'
import { expect, onTestFinished, test } from 'vitest'
import { limitPending } from './pending.ts'

/** One that refuses whatever comes. */
async function startClosing(): Promise<string> {
  const options = { maxBodyBytes: 1_024, maxPendingBytes: 1_024, isClosing: () => true }
  const server = createServer(limitPending(() => undefined, options).listener).listen(0)
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
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
