import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createChunks } from './chunks.ts'

const chunk = (id: number, [index, count]: readonly [number, number], body: string) =>
  Buffer.concat([
    Buffer.from([0x1e, 0x0f, 0, 0, 0, 0, 0, 0, 0, id, index, count]),
    Buffer.from(body),
  ])

const open = (maxBytes = 10_000) => createChunks({ maxBytes, waitMs: 5_000 })

it('puts chunks together in any order, a repeated one counted once', () => {
  const text = fc.string({ minLength: 1 })
  fc.assert(
    fc.property(
      fc.array(text, { minLength: 1, maxLength: 20 }),
      fc.infiniteStream(fc.nat()),
      (bodies, random) => {
        const datagrams = bodies.map((body, at) => chunk(1, [at, bodies.length], body))
        const order = datagrams.map((datagram) => ({ datagram, at: random.next().value ?? 0 }))
        order.sort((one, other) => one.at - other.at)
        const chunks = open()
        const sent = order.flatMap(({ datagram }) => [datagram, datagram]).slice(0, -1)
        const whole = sent
          .map((datagram) => chunks.add(datagram, 'h', 0))
          .filter((found) => found !== undefined)
        // The second copy of a lone chunk is a message again.
        expect(whole.map(String)).toEqual([bodies.join('')])
        expect(chunks.expire(60_000)).toBe(0)
      },
    ),
  )
})

it('keeps messages of two senders and of two ids apart', () => {
  const chunks = open()
  expect(chunks.add(chunk(1, [0, 2], 'a'), 'h1', 0)).toBeUndefined()
  expect(chunks.add(chunk(1, [1, 2], 'b'), 'h2', 0)).toBeUndefined()
  expect(chunks.add(chunk(2, [1, 2], 'c'), 'h1', 0)).toBeUndefined()
  expect(String(chunks.add(chunk(1, [1, 2], 'd'), 'h1', 0))).toBe('ad')
})

it('passes on what is no chunk, and refuses what cannot be one', () => {
  const chunks = open()
  expect(String(chunks.add(Buffer.from('{}'), 'h', 0))).toBe('{}')
  for (const header of [
    [0, 129],
    [2, 2],
    [0, 0],
  ] as const)
    expect(chunks.add(chunk(1, header, 'x'), 'h', 0)).toBe('bad chunk')
  expect(chunks.add(chunk(1, [0, 1], ''), 'h', 0)).toBe('bad chunk')
})

it('counts what it forgets: too old, or too much', () => {
  const chunks = open(40)
  chunks.add(chunk(1, [0, 2], 'a'), 'h', 0)
  expect(chunks.expire(4_999)).toBe(0)
  expect(chunks.expire(5_000)).toBe(1)
  expect(chunks.add(chunk(1, [1, 2], 'b'), 'h', 5_001)).toBeUndefined()
  chunks.add(chunk(2, [0, 2], 'x'.repeat(20)), 'h', 5_002)
  expect(chunks.expire(5_003)).toBe(1)
  expect(String(chunks.add(chunk(2, [1, 2], 'y'), 'h', 5_004))).toBe(`${'x'.repeat(20)}y`)
})
