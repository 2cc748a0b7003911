import { expect, test } from 'vitest'
import { parseQuery } from '../parse.ts'
import { boundWindows } from './bound-windows.ts'

const bound = (text: string): void =>
  parseQuery(text).forEach((statement) => void boundWindows(statement, 10n ** 18n))

test('a statement may not make more windows of a series than anybody could show', () => {
  const query = (interval: string) =>
    `SELECT mean(v) FROM cpu WHERE time >= 0 AND time < 6h GROUP BY time(${interval})`
  expect(() => bound(query('100ms'))).not.toThrow()
  expect(() => bound(query('1ms'))).toThrow(
    'GROUP BY time would make 21,599,999 windows of each series, more than 1,000,000; ask for a longer interval or a shorter range',
  )
  expect(() => bound(`SELECT max(m) FROM (${query('1ms')})`)).toThrow('windows of each series')
  const unbound = 'SELECT mean(v) FROM cpu GROUP BY time(1ns)'
  expect(() => bound(unbound)).not.toThrow()
  expect(() => bound(`SELECT max(m) FROM (${unbound}) WHERE time > now() - 1s`)).toThrow('windows')
  expect(() => bound(`${query('1ms')} fill(none)`)).not.toThrow()
  expect(() => bound('SELECT v FROM cpu')).not.toThrow()
  expect(() => bound('SHOW SERIES')).not.toThrow()
})
