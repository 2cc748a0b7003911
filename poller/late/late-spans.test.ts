import { expect, it } from 'vitest'
import { timesOf } from './late-spans.ts'

const noon = 1_772_539_200
const toBatch = (...lines: string[]) => {
  const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''))
  const starts = [0]
  for (const line of lines) starts.push((starts.at(-1) ?? 0) + Buffer.byteLength(line) + 1)
  return { tenant: 'acme', bytes, starts: Uint32Array.from(starts) }
}

const late = (batch: ReturnType<typeof toBatch>, beforeMs: number) => timesOf(batch, beforeMs).late

it('names the measurements of late points, and their times to the hundred seconds', () => {
  const batch = toBatch(
    `cpu,host=a v=1 ${noon - 250}000000001`,
    `cpu,host=b v="a b" ${noon - 50}999999999`,
    `cpu,host=b v=2 ${noon - 50}999999999`,
    `cpu v=1 ${noon}000000000`,
    `cpux v=1 ${noon - 1}000000000`,
    `m\\,em\\ x,host=a v=1 ${noon - 1}000000000`,
    'old v=1 -1',
    'wrong v=1 x',
    'wrong v=1',
  )
  const hundredMs = 100_000
  const lastMs = noon * 1000 - hundredMs
  const last = { oldestMs: lastMs, newestMs: noon * 1000 - 1 }
  expect(late(batch, noon * 1000)).toEqual([
    { measurement: 'cpu', oldestMs: lastMs - 2 * hundredMs, newestMs: noon * 1000 - 1 },
    { measurement: 'cpux', ...last },
    { measurement: 'm,em x', ...last },
    { measurement: 'old', oldestMs: -hundredMs, newestMs: -1 },
  ])
  expect(timesOf(batch, 0).whole).toEqual({
    oldestMs: -hundredMs,
    newestMs: noon * 1000 + hundredMs - 1,
  })
  expect(timesOf(toBatch('wrong v=1 x'), 0)).toEqual({ late: [], whole: undefined })
})

it('tells late from not to the second', () => {
  const batch = toBatch(`a v=1 ${noon + 10}000000000`, `b v=1 ${noon + 9}999999999`)
  expect(late(batch, (noon + 9) * 1000)).toEqual([])
  expect(late(batch, (noon + 10) * 1000).map(({ measurement }) => measurement)).toEqual(['b'])
  expect(late(batch, (noon + 11) * 1000).map(({ measurement }) => measurement)).toEqual(['a', 'b'])
})

it('sees each time of names that take turns, and of names that begin alike', () => {
  const names = ['cpu', 'cpu_idle', 'disk', 'cpux', 'mem']
  const lines = Array.from(
    { length: 400 },
    (_, at) => `${names[at % 5]} v=1 ${noon + Math.floor(at / 40) * 100}000000000`,
  )
  const range = { oldestMs: noon * 1000, newestMs: (noon + 1000) * 1000 - 1 }
  expect(late(toBatch(...lines), (noon + 5000) * 1000)).toEqual(
    names.map((measurement) => ({ measurement, ...range })),
  )
})

it('names no measurement where many are late', () => {
  const lines = Array.from({ length: 150 }, (_, index) => `m${index} v=1 ${noon + index}000000000`)
  expect(late(toBatch(...lines), (noon + 1000) * 1000)).toEqual([
    { oldestMs: noon * 1000, newestMs: (noon + 200) * 1000 - 1 },
  ])
})

it('goes by what is known of all lines of a piece, and reads those of one that has late points', () => {
  const lines = [`a v=1 ${noon + 250}000000000`, `b v=1 ${noon + 9}999999999`]
  const known = { ...toBatch(...lines), seconds: { oldest: noon + 9, newest: noon + 250 } }
  const whole = { oldestMs: noon * 1000, newestMs: (noon + 300) * 1000 - 1 }
  expect(timesOf(known, (noon + 9) * 1000)).toEqual({ late: [], whole })
  expect(timesOf(known, (noon + 10) * 1000)).toEqual(timesOf(toBatch(...lines), (noon + 10) * 1000))
})

it('names what is late of a piece that is late as a whole, without its times', () => {
  const lines = [`a v=1 ${noon + 9}000000000`, `b v=1 ${noon + 12}000000000`]
  const known = { ...toBatch(...lines), seconds: { oldest: noon + 9, newest: noon + 12 } }
  const range = { oldestMs: noon * 1000, newestMs: noon * 1000 + 99_999 }
  expect(timesOf(known, (noon + 13) * 1000)).toEqual({
    late: [
      { measurement: 'a', ...range },
      { measurement: 'b', ...range },
    ],
    whole: range,
  })
  expect(timesOf(known, (noon + 12) * 1000).late).toEqual([{ measurement: 'a', ...range }])
})
