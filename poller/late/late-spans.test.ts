import { expect, it } from 'vitest'
import { lateSpans } from './late-spans.ts'

const noon = 1_772_539_200
const toBatch = (...lines: string[]) => {
  const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''))
  const starts = [0]
  for (const line of lines) starts.push((starts.at(-1) ?? 0) + Buffer.byteLength(line) + 1)
  return { tenant: 'acme', bytes, starts: Uint32Array.from(starts) }
}

it('names the measurements of late points and their times to the second', () => {
  const batch = toBatch(
    `cpu,host=a v=1 ${noon - 100}000000001`,
    `cpu,host=b v="a b" ${noon - 50}999999999`,
    `cpu v=1 ${noon}000000000`,
    `m\\,em\\ x,host=a v=1 ${noon - 1}000000000`,
    'old v=1 -1',
    'wrong v=1 x',
    'wrong v=1',
  )
  expect(lateSpans(batch, noon * 1000)).toEqual([
    { measurement: 'cpu', oldestMs: (noon - 100) * 1000, newestMs: (noon - 50) * 1000 + 999 },
    { measurement: 'm,em x', oldestMs: (noon - 1) * 1000, newestMs: (noon - 1) * 1000 + 999 },
    { measurement: 'old', oldestMs: -1000, newestMs: -1 },
  ])
  expect(lateSpans(batch, -1001)).toEqual([])
})

it('names no measurement where many are late', () => {
  const lines = Array.from({ length: 150 }, (_, index) => `m${index} v=1 ${noon + index}000000000`)
  expect(lateSpans(toBatch(...lines), (noon + 1000) * 1000)).toEqual([
    { oldestMs: noon * 1000, newestMs: (noon + 149) * 1000 + 999 },
  ])
})
