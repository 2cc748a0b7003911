import { expect, test } from 'vitest'
import { indexOfAll, parseItems } from './bulk-answer.ts'

const item = (more: object = {}) => ({ create: { _index: '.ds-a-000001', status: 201, ...more } })
const answer = (...items: readonly object[]) => Buffer.from(JSON.stringify({ items }))

test.each([1, 2, 3, 500])('%i equal items that were created name their index', (count) => {
  const bytes = answer(...Array.from({ length: count }, () => item()))
  expect(indexOfAll(bytes, count)).toBe('.ds-a-000001')
  expect(indexOfAll(bytes, count + 1)).toBeUndefined()
  expect(indexOfAll(bytes, Math.max(0, count - 1))).toBeUndefined()
  expect(parseItems(bytes)).toHaveLength(count)
})

test.each([
  ['one has another index', [item(), item({ _index: '.ds-a-000002' }), item()]],
  ['the last has another index', [item(), item(), item({ _index: '.ds-b-000001' })]],
  ['one was there already', [item(), item({ status: 409 }), item()]],
  ['all were there already', [item({ status: 409 }), item({ status: 409 }), item({ status: 409 })]],
  [
    'all were refused',
    Array.from({ length: 3 }, () => item({ status: 400, error: { type: 'x' } })),
  ],
  ['one has more to say', [item({ error: { type: 'x', reason: '}}' } }), item(), item()]],
])('each item is read when %s', (_, items) => {
  expect(indexOfAll(answer(...items), 3)).toBeUndefined()
})

test.each(['', '{}', '{"items":[]}', 'no JSON }} at all', '{"items":[}}]}'])(
  'an answer of another shape (%j) is no such answer',
  (text) => expect(indexOfAll(Buffer.from(text), 1)).toBeUndefined(),
)
