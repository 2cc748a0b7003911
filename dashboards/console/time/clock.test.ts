import { expect, it } from 'vitest'
import { clockTimeMs, dayOf, momentOf, tickTexts, zoneText } from './clock.ts'

const at = (...parts: [number, number, number, number?, number?, number?, number?]): number =>
  new Date(...parts).getTime()

it('writes the reader’s own day and time on a 24 h clock', () => {
  expect(dayOf(at(2026, 4, 1, 23, 5, 9))).toBe('2026-05-01')
  expect(clockTimeMs(at(2026, 4, 1, 23, 5, 9, 7))).toBe('23:05:09.007')
})

it('names the day under its first tick', () => {
  const ticks = [at(2026, 4, 1, 22), at(2026, 4, 1, 23), at(2026, 4, 2, 0)].map((ms) => ms / 1000)
  expect(tickTexts(ticks, 3600)).toEqual(['22:00\n05-01', '23:00', '00:00\n05-02'])
  expect(tickTexts(ticks.slice(0, 1), 15)).toEqual(['22:00:00\n05-01'])
  expect(tickTexts(ticks.slice(1), 86_400)).toEqual(['05-01', '05-02'])
})

it('writes a time of the api as the reader’s own', () => {
  const text = new Date(at(2026, 4, 1, 23, 5, 9)).toISOString()
  expect(momentOf(text)).toBe('2026-05-01 23:05:09')
  expect(momentOf('never')).toBe('never')
})

it.each([
  ['Asia/Kolkata', 'Asia/Kolkata, UTC+05:30'],
  ['Europe/Berlin', 'Europe/Berlin, UTC+01:00'],
  ['America/St_Johns', 'America/St_Johns, UTC-03:30'],
  ['UTC', 'UTC'],
])('names the zone %s', (zone, text) => {
  expect(zoneText(zone, Date.UTC(2026, 0, 5))).toBe(text)
})
