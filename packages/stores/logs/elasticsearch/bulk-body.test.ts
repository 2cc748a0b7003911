import { expect, test } from 'vitest'
import { idOf, type TestRecord, toBatch } from '../testing.ts'
import { BulkBodies } from './bulk-body.ts'

const records: readonly TestRecord[] = Array.from({ length: 9 }, (_, number) => ({
  id: idOf(String(number)),
  message: 'ä'.repeat(number),
  'event.dataset': number % 3 === 0 ? 'nginx' : 'generic',
}))
const whole = toBatch('acme', records)
const items = [...records.keys()]
const linesOf = (body: Buffer) =>
  body
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)

test('a body creates each record in its stream under its id, stamped with its tenant', () => {
  expect(linesOf(new BulkBodies(whole).of([1, 3]))).toEqual([
    { create: { _index: 'logs-warren.generic-acme', _id: idOf('1') } },
    expect.objectContaining({ 'warren.tenant': 'acme', id: idOf('1'), message: 'ä' }),
    { create: { _index: 'logs-warren.nginx-acme', _id: idOf('3') } },
    expect.objectContaining({ 'warren.tenant': 'acme', id: idOf('3'), message: 'äää' }),
  ])
})

test.each([[[4, 5]], [[1, 0, 8]], [[9]], [[0, 0, 2, 7]]])(
  'a batch in pieces of %j records has the same bodies',
  (sizes) => {
    let first = 0
    const pieces = sizes.map((size) => {
      const piece = toBatch('acme', records.slice(first, first + size))
      first += size
      return piece
    })
    const inPieces = new BulkBodies({ ...whole, bytes: new Uint8Array(0), pieces })
    for (const some of [items, [0], [8], [2, 3, 4], [0, 5, 8]])
      expect(inPieces.of(some)).toEqual(new BulkBodies(whole).of(some))
  },
)

test('runs stay below the bound, lose no item, and only one that is too large alone exceeds it', () => {
  const bodies = new BulkBodies(whole)
  const [least = 0, ...more] = items.map((item) => bodies.of([item]).length)
  for (const maxBytes of [1, least, least + (more[0] ?? 0), 1000, 1_000_000]) {
    const runs = bodies.cut(items, maxBytes)
    expect(runs.flat()).toEqual(items)
    for (const run of runs) expect(run.length === 1 || bodies.of(run).length <= maxBytes).toBe(true)
  }
})
