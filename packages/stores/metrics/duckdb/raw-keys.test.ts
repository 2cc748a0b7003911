import { createLineParts } from '@warren/lineprotocol/line-parts'
import { scanAfterKey, scanLine } from '@warren/lineprotocol/scan'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { SeriesEntry } from './dictionary.ts'
import { RawKeys } from './raw-keys.ts'

const seriesOf = (id: number): SeriesEntry => ({
  id,
  measurement: { id: 0, fields: new Map() },
  columns: [],
})

/** Keys that begin with one another, on this side and that of an escaped space. */
const key = fc.constantFrom('m', 'm,a=1', 'm,a=1\\ 2', 'm,a=1\\ 2,b=x', 'm,a=12', 'm\\ a=1', 'n')
const rest = fc.constantFrom(' v=1 1', '  v=1 1', ' v=1', ' 2 v=1 1', ' v= 1', '', ' ')

/** Looks for the key of one line, and learns it. */
function check(keys: RawKeys, ids: Map<string, SeriesEntry>, text: string): void {
  const bytes = Buffer.from(text)
  const line = { bytes, start: 0, end: bytes.length }
  const [scanned, recognised] = [createLineParts(), createLineParts()]
  const fault = scanLine(line, scanned)
  const series = keys.next(line, recognised)
  if (series !== undefined) {
    expect(scanAfterKey(line, recognised)).toBe(fault)
    expect({ ...recognised, measurementEnd: scanned.measurementEnd }).toEqual(scanned)
  }
  if (fault !== undefined) return
  const name = bytes.toString('latin1', scanned.measurementStart, scanned.keyEnd)
  const own = ids.get(name) ?? seriesOf(ids.size)
  ids.set(name, own)
  expect([undefined, own]).toContain(series)
  expect([undefined, own]).toContain(keys.get(bytes, scanned))
  keys.add(bytes, scanned, own)
}

it('recognises a key only where scanning finds it, with the same fields and time behind it', () => {
  const lines = fc.array(fc.tuple(key, rest), { maxLength: 40 })
  fc.assert(
    fc.property(lines, fc.nat(40), (given, clearedAt) => {
      const keys = new RawKeys()
      const ids = new Map<string, SeriesEntry>()
      for (const [index, parts] of given.entries()) {
        if (index === clearedAt) keys.clear()
        check(keys, ids, parts.join(''))
      }
    }),
  )
})

it('recognises lines that keep their order, round and round', () => {
  const keys = new RawKeys()
  const parts = createLineParts()
  const lines = Array.from({ length: 500 }, (_, id) => {
    const bytes = Buffer.from(`m,host=h${id},region=eu v=${id}`)
    return { bytes, start: 0, end: bytes.length }
  })
  for (const [id, line] of lines.entries()) {
    scanLine(line, parts)
    keys.add(line.bytes, parts, seriesOf(id))
  }
  for (const _ of [1, 2])
    for (const [id, line] of lines.entries()) expect(keys.next(line, parts)?.id).toBe(id)
})
