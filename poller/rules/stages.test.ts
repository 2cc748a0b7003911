import { readdirSync } from 'node:fs'
import { createLineParts } from '@warren/lineprotocol/line-parts'
import { scanLine } from '@warren/lineprotocol/scan'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CanonicalRecord } from '../logs/canonical-record.ts'
import type { LogStage } from './log-stage.ts'
import * as logStages from './log-stages/index.ts'
import { type MetricPoint, parsePoint, printPoint } from './metric-point.ts'
import type { MetricStage } from './metric-stage.ts'
import * as metricStages from './metric-stages/index.ts'
import { defaultRules, rulesSchema } from './schema.ts'

const sender = { tenant: 'default', deployment: 'web' }
/** A section of each stage that does all it can, for one tenant. */
const sections: Readonly<Record<string, readonly object[] | object>> = {
  templates: [
    { tenants: ['default'], templates: ['*.* .host.measurement.field* dc=eu', 'measurement*'] },
  ],
  measurements: [{ tenants: ['default'], deny: ['tmp*'], rename: { cpu: 'host_cpu' } }],
  tags: [{ tenants: ['default'], deny: ['id*'], rename: { host: 'node', b: 'a' } }],
  logs: [
    { tenants: ['default'], datasets: ['drop'], drop: true },
    { tenants: ['default'], deny: ['x*'], rename: { a: 'b' }, add: { env: 'prod', n: 1 } },
  ],
  redaction: {
    builtIn: [],
    own: [{ tenants: ['default'], name: 'mail', pattern: '[a-z]+@[a-z]+', replacement: '$0' }],
  },
}
const rulesOf = ({ section }: { section: string }) =>
  rulesSchema.parse({
    ...(section === 'redaction' ? {} : { redaction: { builtIn: [] } }),
    [section]: sections[section],
  })

const word = fc.oneof(
  fc.constantFrom('cpu', 'tmp1', 'a.b', 'servers.h1.cpu.load.short', '..', 'host', 'id', 'a', 'b'),
  fc.string({ minLength: 1, maxLength: 8 }),
)
const point: fc.Arbitrary<MetricPoint> = fc.record({
  measurement: word,
  tags: fc.array(fc.tuple(word, word), { maxLength: 4 }).map((pairs) => new Map(pairs)),
  fields: fc
    .array(fc.tuple(word, fc.constantFrom('1', '2i', '"x"', 't')), { minLength: 1, maxLength: 3 })
    .map((pairs) => new Map(pairs)),
  time: fc.constantFrom('', '1795132800000000000'),
})
const cloneOf = (given: MetricPoint): MetricPoint => ({
  ...given,
  tags: new Map(given.tags),
  fields: new Map(given.fields),
})

const filesIn = (folder: string) =>
  readdirSync(new URL(folder, import.meta.url))
    .filter((file) => file !== 'index.ts')
    .map((file) => file.replace('.ts', ''))
    .sort()

it('has every stage in its list, under the name of its file and its section', () => {
  for (const [folder, list] of [
    ['./metric-stages', metricStages],
    ['./log-stages', logStages],
  ] as const) {
    const stages = Object.entries<MetricStage | LogStage>(list)
    expect(stages.map(([name]) => name).sort()).toEqual(filesIn(folder))
    expect(stages.every(([name, stage]) => name === stage.section)).toBe(true)
  }
})

describe.each(Object.values<MetricStage>(metricStages))('the metric stage $section', (stage) => {
  const compiled = stage.compile(rulesOf(stage), sender)

  it('says nothing without rules, or for another tenant', () => {
    expect(stage.compile(defaultRules, sender)).toBeUndefined()
    expect(stage.compile(rulesOf(stage), { ...sender, tenant: 'acme' })).toBeUndefined()
  })

  it('is pure, leaves a point or drops it, and changes nothing that it does not touch', () => {
    fc.assert(
      fc.property(point, (given) => {
        const [one, other] = [cloneOf(given), cloneOf(given)]
        const touches = compiled?.touches(given.measurement)
        expect(compiled?.apply(one)).toBe(compiled?.apply(other))
        expect(one).toEqual(other)
        expect(one.measurement).not.toBe('')
        expect(one.fields.size).toBeGreaterThan(0)
        if (touches === false) expect(one).toEqual(given)
      }),
    )
  })
})

describe.each(Object.values<LogStage>(logStages))('the log stage $section', (stage) => {
  const compiled = stage.compile(rulesOf(stage), sender)
  const records = fc.record({
    id: fc.constant(''),
    '@timestamp': fc.constant('2026-11-20T10:00:00Z'),
    message: fc.oneof(fc.string(), fc.constant('mail me@home now')),
    'event.dataset': fc.constantFrom('drop', 'nginx'),
    attributes: fc.dictionary(word, fc.oneof(word, fc.integer(), fc.boolean()), { minKeys: 1 }),
  })

  it('says nothing for another tenant', () => {
    expect(stage.compile(rulesOf(stage), { ...sender, tenant: 'acme' })).toBeUndefined()
  })

  it('is pure and leaves a canonical record or drops it', () => {
    fc.assert(
      fc.property(records, (given) => {
        const [one, other]: CanonicalRecord[] = [structuredClone(given), structuredClone(given)]
        if (one === undefined || other === undefined) throw new Error('BUG: two records')
        expect(compiled?.apply(one)).toBe(compiled?.apply(other))
        expect(one).toEqual(other)
        const { message, attributes = {}, ...rest } = one
        expect(typeof message).toBe('string')
        expect(Object.values(attributes).every((value) => typeof value !== 'object')).toBe(true)
        const { message: _, attributes: __, ...before } = given
        expect(rest).toEqual(before)
      }),
    )
  })
})

/** The point that a line holds; undefined when it is no line. */
function readPoint(text: string): MetricPoint | undefined {
  const bytes = Buffer.from(text)
  const parts = createLineParts()
  const error = scanLine({ bytes, start: 0, end: bytes.length }, parts)
  return error === undefined ? parsePoint(bytes, parts) : undefined
}

it('prints a point as it was read', () => {
  fc.assert(
    fc.property(point, (given) => {
      fc.pre(!/^[#\s]/.test(given.measurement))
      // Not every name can be written: of those that were read, each can.
      const read = readPoint(printPoint(given))
      fc.pre(read !== undefined)
      expect(readPoint(printPoint(read))).toEqual(read)
    }),
    { numRuns: 2000 },
  )
})
