import { expect, test } from 'vitest'
import { escapeMeasurement, escapeTag } from './escape.ts'
import { toLine } from './write.ts'

test('writes InfluxDB line protocol', () => {
  expect(
    toLine({
      measurement: 'my disk,x',
      tags: { path: '/a b', host: 'h=1', none: undefined, empty: '' },
      fields: { used: 1.5, 'a key': 3n, ok: true, text: 'say "hi" \\', nan: Number.NaN, big: 1e21 },
      timeNs: 1700000000000000001n,
    }),
  ).toBe(
    String.raw`my\ disk\,x,host=h\=1,path=/a\ b used=1.5,a\ key=3i,ok=true,text="say \"hi\" \\",big=1e+21 1700000000000000001`,
  )
})

test('writes no line without a field', () => {
  expect(
    toLine({ measurement: 'm', tags: {}, fields: { a: Number.NaN, b: undefined }, timeNs: 1n }),
  ).toBeUndefined()
})

test('keeps a line one line, and a tag from swallowing what follows', () => {
  expect(
    toLine({ measurement: 'a\nb', tags: { p: 'C:\\', q: 'x\r\ny' }, fields: { v: 1 }, timeNs: 1n }),
  ).toBe(String.raw`a\nb,p=C:,q=x\r\ny v=1 1`)
})

test('takes no longer for long runs of backslashes than for other text', () => {
  // With the square of their number it would be an hour.
  const run = '\\'.repeat(2_000_000)
  expect(escapeTag(`${run}x`)).toBe(`${run}x`)
  expect(escapeMeasurement(`a${run}`)).toBe('a')
})
