import { expect, test } from 'vitest'
import { noon, second, toBatch } from '../../metric-store.context.contract.ts'
import { narrowest, touchedWindows } from './touched-windows.ts'

const windowsOf = (...lines: string[]) => [...touchedWindows(toBatch('acme', lines))]
const first = Number(noon / second) / narrowest

test('names the window of each line, once', () => {
  const times = [0n, 1n, 99n, 100n, 299n, 300n, 599n, 0n, 3600n, -1n].map(
    (offset) => noon + offset * second,
  )
  expect(windowsOf(...times.map((time) => `cpu v=1 ${time}`))).toEqual([
    first,
    first + 1,
    first + 12,
    first - 1,
  ])
  expect(windowsOf(`cpu v=1 ${noon + 300n * second - 1n}`)).toEqual([first])
})

test('of times with fewer digits, too', () => {
  expect(windowsOf('cpu v=1 0', 'cpu v=1 -1', 'cpu v=1 999999999000000000')).toEqual([
    0, -1, 3333333,
  ])
  expect(windowsOf(`cpu v=1 -${noon}`)).toEqual([-first])
})

test('of a batch in pieces, without making one of them', () => {
  const pieces = [0n, 300n, 0n].map((offset) =>
    toBatch('acme', [`cpu v=1 ${noon + offset * second}`]),
  )
  const batch = {
    tenant: 'acme',
    pieces,
    starts: Uint32Array.of(0),
    get bytes(): Uint8Array {
      throw new Error('not to be made')
    },
  }
  expect([...touchedWindows(batch)]).toEqual([first, first + 1])
})

test('of a line that the store will refuse, none', () => {
  const wrong = [
    'nonsense',
    'cpu v=',
    '',
    'cpu v=1',
    'cpu v="1772539200000000 00"',
    'a 1772x39200000000000',
  ]
  expect(windowsOf(...wrong, `cpu v="${'9'.repeat(30)}"`)).toEqual([])
  expect(windowsOf(`cpu s="a b" ${noon}`, ...wrong)).toEqual([first])
})
