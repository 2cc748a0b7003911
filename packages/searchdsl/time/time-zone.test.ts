import { expect, test, vi } from 'vitest'
import { createCollector } from '../evaluate/collector.ts'
import { parseSearch } from '../parse/search.ts'
import { timeZoneOf } from './time-zone.ts'

const moment = Date.parse('2026-07-01T12:00:00Z')

test.each([
  ['Europe/Berlin', 2],
  ['EUROPE/berlin', 2],
  ['+05:30', 5.5],
  ['-0330', -3.5],
  ['+07', 7],
  ['UTC', 0],
])('%s', (name, offset) => {
  expect(timeZoneOf(name).offsetMsAt(moment) / 3_600_000).toBe(offset)
})

const two = (n: number) => String(n).padStart(2, '0')

/** More names than anybody keeps: fixed offsets, a name in large and small letters, and all there are. */
function askManyZones(): void {
  for (let minute = 0; minute < 1080; minute++)
    timeZoneOf(`+${two(Math.floor(minute / 60))}:${two(minute % 60)}`)
  for (let capitals = 0; capitals < 1100; capitals++)
    timeZoneOf(
      'america/bogota'.replace(/./g, (letter, at: number) =>
        capitals & (1 << at) ? letter.toUpperCase() : letter,
      ),
    )
  for (const name of Intl.supportedValuesOf('timeZone')) timeZoneOf(name)
}

test('a zone is looked up as seldom, however many others were asked before', () => {
  askManyZones()
  const made = vi.spyOn(Intl, 'DateTimeFormat')
  const date_histogram = {
    ...{ field: '@timestamp', fixed_interval: '1m', time_zone: 'America/St_Johns' },
    extended_bounds: { min: moment, max: moment + 500 * 60_000 },
  }
  const request = parseSearch({ size: 0, aggs: { a: { date_histogram } } })
  const answer = createCollector(request, moment).answer()
  expect(JSON.stringify(answer)).toContain('2026-07-01T09:30:00.000-02:30')
  createCollector(request, moment).answer()
  expect(made).toHaveBeenCalledTimes(1)
  made.mockRestore()
})
