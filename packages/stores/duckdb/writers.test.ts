import type { DuckDBConnection } from '@duckdb/node-api'
import { expect, it } from 'vitest'
import { Writers } from './writers.ts'

const settle = () => new Promise((resolve) => setImmediate(resolve))

/** Connections that are only told apart; work that ends when it is told to. */
function setUp(count: number) {
  const closed: number[] = []
  const connections = Array.from(
    { length: count },
    (_, number) => ({ closeSync: () => closed.push(number) }) as unknown as DuckDBConnection,
  )
  const writers = new Writers(connections)
  const begun: string[] = []
  const inUse = new Set<DuckDBConnection>()
  const write = (tenant: string, name: string) => {
    const ended = Promise.withResolvers<void>()
    const written = writers.write(tenant, async (connection) => {
      expect(inUse.has(connection)).toBe(false)
      inUse.add(connection)
      begun.push(name)
      await ended.promise.finally(() => inUse.delete(connection))
    })
    return { ...ended, written }
  }
  return { writers, begun, closed, write }
}

it('writes batches of several tenants at once, those of one in their order', async () => {
  const { begun, write } = setUp(2)
  const [first, second, other, third] = [
    write('a', 'a1'),
    write('a', 'a2'),
    write('b', 'b1'),
    write('c', 'c1'),
  ]
  await settle()
  expect(begun).toEqual(['a1', 'b1'])
  other.resolve()
  await other.written
  await settle()
  expect(begun).toEqual(['a1', 'b1', 'c1'])
  first.resolve()
  await first.written
  await settle()
  expect(begun).toEqual(['a1', 'b1', 'c1', 'a2'])
  second.resolve()
  third.resolve()
  await Promise.all([second.written, third.written])
})

it('goes on after a failure', async () => {
  const { writers, begun, closed, write } = setUp(1)
  const [bad, good] = [write('a', 'bad'), write('a', 'good')]
  bad.reject(new Error('no room'))
  await expect(bad.written).rejects.toThrow('no room')
  good.resolve()
  await good.written
  expect(begun).toEqual(['bad', 'good'])
  writers.close()
  expect(closed).toEqual([0])
})
