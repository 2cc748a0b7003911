import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseTemplates } from './templates.ts'

const map = (templates: readonly string[], name: string, joiner = '.') => {
  const { measurement, tags, field } = parseTemplates(templates, { joiner }).map(name)
  return [measurement, { ...tags }, field]
}

// The examples of https://docs.influxdata.com/telegraf/v1/data_formats/template-patterns/ and Telegraf's own cases.
describe('as Telegraf documents', () => {
  it.each([
    [[], 'servers.web1.cpu.load', ['servers.web1.cpu.load', {}, undefined]],
    [
      ['region.region.measurement*'],
      'us.west.cpu.load',
      ['cpu.load', { region: 'us.west' }, undefined],
    ],
    [
      ['*.*.* region.region.measurement', '*.*.*.* region.region.host.measurement'],
      'us.west.load',
      ['load', { region: 'us.west' }, undefined],
    ],
    [
      ['*.*.* region.region.measurement', '*.*.*.* region.region.host.measurement'],
      'us.west.web1.load',
      ['load', { region: 'us.west', host: 'web1' }, undefined],
    ],
    [
      ['measurement.measurement.field.field.region'],
      'cpu.usage.idle.percent.eu-east',
      ['cpu.usage', { region: 'eu-east' }, 'idle.percent'],
    ],
    [
      ['region.measurement.field*'],
      'us.cpu.usage.idle.percentage',
      ['cpu', { region: 'us' }, 'usage.idle.percentage'],
    ],
    [
      [
        '*.app env.service.resource.measurement',
        'stats.* .host.measurement* region=eu-east,agent=sensu',
      ],
      'stats.web1.cpu.load',
      ['cpu.load', { host: 'web1', region: 'eu-east', agent: 'sensu' }, undefined],
    ],
    [
      ['*.app env.service.resource.measurement'],
      'prod.app.db.queries',
      ['queries', { env: 'prod', service: 'app', resource: 'db' }, undefined],
    ],
    [
      ['/ /*/*/* /measurement/origin/measurement*'],
      '/telegraf/host01/cpu',
      ['telegraf.cpu', { origin: 'host01' }, undefined],
    ],
    [['measurement* host=none'], 'a.b', ['a.b', { host: 'none' }, undefined]],
  ])('%j %s', (templates, name, expected) => {
    expect(map(templates, name)).toEqual(expected)
  })

  it('joins words of one meaning with the joiner', () => {
    expect(map(['region.region.measurement*'], 'us.west.cpu.load', '_')).toEqual([
      'cpu_load',
      { region: 'us_west' },
      undefined,
    ])
    expect(map(['a.a.measurement a=x'], 'b.c.m', '_')).toEqual(['m', { a: 'x_b_c' }, undefined])
  })
})

describe('the most specific filter', () => {
  const templates = [
    'servers.localhost .host.measurement* is=1',
    'servers.* .host.measurement* is=2',
    '*.localhost .host.measurement* is=3',
    '*.* .host.measurement* is=4',
    'measurement* is=5',
  ]
  it.each([
    ['servers.localhost.cpu', '1'],
    ['servers.web.cpu', '2'],
    ['other.localhost.cpu', '3'],
    ['other.web.cpu', '4'],
    ['cpu', '5'],
  ])('%s', (name, is) => {
    expect(parseTemplates(templates).map(name).tags['is']).toBe(is)
  })

  it('is found past a longer one that does not reach the end', () => {
    const list = [
      'task.alarm.assign.x a.b.c.x.measurement rule=1',
      'task.*.*.* a.b.c.measurement rule=2',
    ]
    expect(map(list, 'task.alarm.assign.records')).toEqual([
      'records',
      { a: 'task', b: 'alarm', c: 'assign', rule: '2' },
      undefined,
    ])
  })

  it('does not match a name that is shorter', () => {
    expect(map(['a.b.c measurement.x.y'], 'a.b')).toEqual(['a.b', {}, undefined])
  })
})

it('keeps a name that its template leaves without measurement', () => {
  expect(map(['host.measurement'], 'web1')).toEqual(['web1', { host: 'web1' }, undefined])
})

it.each([
  ['host.region', 'must name the measurement'],
  ['measurement*.field*', 'exclude each other'],
  ['a b c d e', 'expected [separator]'],
  ['', 'expected [separator]'],
  ['measurement* host=', 'expected tag=value'],
  ['a.* measurement* =x', 'expected tag=value'],
])('refuses %j and says why', (template, reason) => {
  expect(() => parseTemplates([template])).toThrow(reason)
})

it('refuses two separators in one list', () => {
  expect(() => parseTemplates(['/ /* /measurement*', 'a.* measurement*'])).toThrow('one separator')
})

it('maps any name without throwing, and loses no word of it by default', () => {
  const words = fc.array(
    fc.constantFrom('measurement', 'measurement*', 'field', 'field*', 'host', 'a', '', '__proto__'),
    { maxLength: 5 },
  )
  const template = words.map((list) =>
    [...list.filter((word) => word !== 'field*'), 'measurement'].join('.'),
  )
  fc.assert(
    fc.property(
      fc.array(fc.tuple(template, fc.constantFrom('', 'a.* ', '*.b ', '* '))),
      fc.string(),
      (list, name) => {
        const templates = parseTemplates(list.map(([text, filter]) => `${filter}${text}`))
        const mapped = templates.map(name)
        expect(typeof mapped.measurement).toBe('string')
        expect(parseTemplates([]).map(name).measurement).toBe(name)
      },
    ),
  )
})
