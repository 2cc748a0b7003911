import { parseQuery } from '@warren/influxql/parse'
import { expect, it } from 'vitest'
import { latelyPriced } from './lately-priced.ts'

const nowNs = 1_780_000_000_000_000_000n

it('works a price out once a second for queries of one SELECT and length, by the clock it is given', () => {
  let [clockMs, worked] = [Date.now(), 0]
  const price = latelyPriced(
    (_, __, found) => found ?? ++worked,
    () => clockMs,
  )
  const [select] = parseQuery(
    'SELECT mean(usage) FROM cpu WHERE time > now() - 1d GROUP BY time(1m)',
  )
  if (select?.kind !== 'select') throw new Error('BUG: it is a SELECT')
  const priceOver = (lengthNs: bigint, of = select) =>
    price('a', {
      ...{ statements: [of], nowNs },
      ranged: { select: of, range: { minNs: nowNs - lengthNs, maxNs: nowNs } },
    })
  expect([priceOver(5n), priceOver(5n), priceOver(6n), priceOver(6n)]).toEqual([1, 1, 2, 2])
  expect([priceOver(6n, { ...select }), priceOver(6n)]).toEqual([3, 2])
  clockMs += 1000
  expect(priceOver(6n)).toBe(4)
  clockMs -= 5000
  expect(priceOver(6n)).toBe(5)
  expect([1, 2].map(() => price('a', { statements: [select], nowNs }))).toEqual([6, 7])
  // What is cheap for sure is not worked out, also when it is asked of the store.
  const cheap = { ...select }
  const query = {
    ...{ statements: [cheap], nowNs },
    ranged: { select: cheap, range: { minNs: 0n, maxNs: 7n } },
  }
  expect([price('a', query, 0.5), price('a', query)]).toEqual([0.5, 0.5])
})
