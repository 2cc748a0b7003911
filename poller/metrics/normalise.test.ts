import { createFieldCursor, nextField, startFields } from '@warren/lineprotocol/fields'
import { createLineParts } from '@warren/lineprotocol/line-parts'
import { scanLine } from '@warren/lineprotocol/scan'
import { createTagCursor, nextTag, startTags } from '@warren/lineprotocol/tags'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countOf } from '../chunk.ts'
import type { Origin } from '../origin.ts'
import { timeWindow } from '../time-window.ts'
import { normaliseMetrics } from './normalise.ts'

const nowMs = Date.UTC(2026, 10, 20)
const window = timeWindow(nowMs, 86_400_000)
const time = '1795132800000000000'
type TestOrigin = Pick<Origin, 'tenant' | 'deployment' | 'fallbackNs'>
const origin: TestOrigin = { tenant: 'default', deployment: 'web', fallbackNs: undefined }

const normalise = (text: string | Uint8Array, more: Partial<TestOrigin> = {}) => {
  const body = typeof text === 'string' ? Buffer.from(text) : text
  const { chunk, refused, rounded } = normaliseMetrics(body, { ...origin, ...more }, window)
  return {
    lines: Buffer.from(chunk.bytes).toString().split('\n').slice(0, -1),
    refused: refused.map(({ index, code }) => [index, code]),
    reasons: refused.map(({ reason }) => reason),
    positions: [...chunk.positions],
    chunk,
    rounded,
  }
}

describe('a canonical line', () => {
  it.each([
    ['cpu,host=a usage=1.5 T', 'cpu,host=a,deployment=web,tenant=default usage=1.5 T'],
    ['cpu usage=1i,n=2u,f=3 T', 'cpu,deployment=web,tenant=default usage=1,n=2,f=3 T'],
    ['cpu,tenant=evil,host=a,deployment=b x=1 T', 'cpu,host=a,deployment=web,tenant=default x=1 T'],
    ['cpu,tenant=evil x=1 T', 'cpu,deployment=web,tenant=default x=1 T'],
    ['cpu tenant="evil",x=1,deployment=2i T', 'cpu,deployment=web,tenant=default x=1 T'],
    [
      'cpu,tenants=a,deploymen=b x=1 T',
      'cpu,tenants=a,deploymen=b,deployment=web,tenant=default x=1 T',
    ],
    ['m s="a, b=1i c",b=t,x=-4i T', 'm,deployment=web,tenant=default s="a, b=1i c",b=t,x=-4 T'],
    ['m a=1,b=2,a=3i T', 'm,deployment=web,tenant=default b=2,a=3 T'],
    [
      String.raw`a\ b,t\,x=1\=2 f\ f="q\"i" T`,
      String.raw`a\ b,t\,x=1\=2,deployment=web,tenant=default f\ f="q\"i" T`,
    ],
    ['m s="two\nlines" T', 'm,deployment=web,tenant=default s="two\nlines" T'],
  ])('%s', (line, wanted) => {
    const { chunk } = normalise(line.replace('T', time))
    expect(Buffer.from(chunk.bytes).toString()).toBe(`${wanted.replace('T', time)}\n`)
  })

  it('has no deployment when the key has none, whatever the line says', () => {
    expect(normalise(`cpu,deployment=x v=1 ${time}`, { deployment: undefined }).lines).toEqual([
      `cpu,tenant=default v=1 ${time}`,
    ])
  })

  it('takes the time of its message when it has none, and only then', () => {
    const fallbackNs = 1_795_132_800_000_000_123n
    expect(normalise(`a v=1\nb v=1 ${time}`, { fallbackNs }).lines).toEqual([
      `a,deployment=web,tenant=default v=1 ${fallbackNs}`,
      `b,deployment=web,tenant=default v=1 ${time}`,
    ])
  })

  it('has a field of its own beside those that the key gives', () => {
    const { lines, refused } = normalise(`cpu tenant="evil" ${time}\ncpu x=1 ${time}\n`)
    expect(refused).toEqual([[0, 'malformed']])
    expect(lines).toEqual([`cpu,deployment=web,tenant=default x=1 ${time}`])
  })

  it('counts integers that a float rounds', () => {
    expect(
      normalise(`a v=9007199254740991i,w=9007199254740993i,x=18446744073709551615u ${time}`)
        .rounded,
    ).toBe(2)
  })

  it('keeps the last of many repeated fields', () => {
    const fields = Array.from({ length: 40 }, (_, index) => `f${index % 30}=${index}i`).join(',')
    const [line] = normalise(`a ${fields} ${time}`).lines
    expect(line?.match(/f\d+=/g)).toHaveLength(30)
    expect(line).toContain('f9=39')
  })
})

describe('what is refused', () => {
  it.each([
    ['nonsense', 'malformed'],
    [`cpu v=NaN ${time}`, 'malformed'],
    [`cpu v=Inf ${time}`, 'malformed'],
    [`cpu v=1e999 ${time}`, 'malformed'],
    [`cpu,a=1,a=2 v=1 ${time}`, 'malformed'],
    [`cpu v="a\0b" ${time}`, 'malformed'],
    ['cpu v=1', 'no_timestamp'],
    ['cpu v=1 0', 'bad_timestamp'],
    ['cpu v=1 1795132800', 'bad_timestamp'],
    ['cpu v=1 -1795132800000000000', 'bad_timestamp'],
    ['cpu v=1 1826668800000000000', 'bad_timestamp'],
  ])('%s', (line, code) => {
    const { lines, refused, positions } = normalise(`a v=1 ${time}\n${line}\nb v=1 ${time}`)
    expect(refused).toEqual([[1, code]])
    expect(lines).toHaveLength(2)
    expect(positions).toEqual([0, 2])
  })

  it('is one line of invalid UTF-8, not its neighbours', () => {
    const bad = Buffer.concat([Buffer.from('b v="'), Buffer.from([0xff]), Buffer.from(`" ${time}`)])
    const body = Buffer.concat([
      Buffer.from(`a v=1 ${time}\n`),
      bad,
      Buffer.from(`\nc v=1 ${time}`),
    ])
    const { refused, lines, reasons } = normalise(body)
    expect(refused).toEqual([[1, 'malformed']])
    expect(reasons).toEqual(['not valid UTF-8'])
    expect(lines).toHaveLength(2)
  })
})

/** Asserts what the store was promised of a canonical line. */
function expectCanonical(line: Uint8Array) {
  const parts = createLineParts()
  expect(scanLine({ bytes: line, start: 0, end: line.length - 1 }, parts)).toBeUndefined()
  expect(parts.timeStart).toBeGreaterThan(0)
  const tags = createTagCursor()
  const names: string[] = []
  startTags(tags, parts)
  while (nextTag(tags, line))
    names.push(Buffer.from(line.subarray(tags.keyStart, tags.keyEnd)).toString())
  expect(names.filter((name) => name === 'tenant')).toHaveLength(1)
  expect(names.filter((name) => name === 'deployment')).toHaveLength(1)
  expect(new Set(names).size).toBe(names.length)
  const fields = createFieldCursor()
  const keys: string[] = []
  startFields(fields, parts)
  while (nextField(fields, line)) {
    expect(['float', 'boolean', 'string']).toContain(fields.kind)
    keys.push(Buffer.from(line.subarray(fields.keyStart, fields.keyEnd)).toString())
  }
  expect(new Set(keys).size).toBe(keys.length)
}

const nearlyLine = fc
  .array(
    fc.constantFrom(
      'cpu',
      ',',
      ' ',
      '=',
      '"',
      '\\',
      '\n',
      'tenant',
      'deployment',
      'host',
      '1',
      '2i',
      '3u',
      't',
      '.5',
      'é',
      '\0',
      time,
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''))

describe('for any bytes', () => {
  it('never throws, and what comes out is canonical', () => {
    const bodies = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      nearlyLine.map((text) => new Uint8Array(Buffer.from(text))),
      nearlyLine.map(
        (text) => new Uint8Array(Buffer.from(`cpu,host=a${text} v=1 ${time}\nm v=2i ${time}`)),
      ),
    )
    fc.assert(
      fc.property(bodies, (body) => {
        const { chunk } = normalise(body)
        for (let index = 0; index < countOf(chunk); index += 1)
          expectCanonical(chunk.bytes.subarray(chunk.starts[index], chunk.starts[index + 1]))
      }),
      { numRuns: 5000 },
    )
  })
})
