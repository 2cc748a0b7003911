import type { ConsumeMessage } from 'amqplib'
import { expect, test } from 'vitest'
import { freeBody, toDelivery } from './delivery.ts'

const cutFrom = (socket: Buffer, length: number): ConsumeMessage =>
  ({
    content: socket.subarray(100, 100 + length),
    fields: { exchange: 'warren.metrics', routingKey: 'shop.web', redelivered: false },
    properties: { headers: {} },
  }) as unknown as ConsumeMessage

test('a body of some size is alone in its memory, so that it can be freed and keeps nothing else', () => {
  const socket = Buffer.alloc(64 * 1024, 'x')
  const { body } = toDelivery(cutFrom(socket, 20_000))
  expect(body.buffer).not.toBe(socket.buffer)
  expect(body.buffer.byteLength).toBe(20_000)
  expect(body.equals(socket.subarray(0, 20_000))).toBe(true)
})

test('a small body is not copied', () => {
  const socket = Buffer.alloc(64 * 1024, 'x')
  expect(toDelivery(cutFrom(socket, 200)).body.buffer).toBe(socket.buffer)
})

test('a body is freed where it is alone in its memory, and left where other messages share it', () => {
  const socket = Buffer.alloc(64 * 1024, 'x')
  const [small, large] = [200, 20_000].map((length) => toDelivery(cutFrom(socket, length)))
  if (small === undefined || large === undefined) throw new Error('two were made')
  freeBody(small)
  freeBody(large)
  expect(small.body).toHaveLength(200)
  expect(large.body).toHaveLength(0)
  expect(socket).toHaveLength(64 * 1024)
})
