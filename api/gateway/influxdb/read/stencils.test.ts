import { printStatement } from '@warren/influxql/print'
import { expect, it } from 'vitest'
import { textOf, toRanged, toStatement } from '../../cache/snap/ranged.ts'
import { readParameters } from './parameters.ts'
import { readQuery } from './read-query.ts'
import { Stencils } from './stencils.ts'

const nowNs = 1_790_000_000_000_000_000n
const own = { tenant: 'a', deployments: undefined }
const fromMs = 1_789_999_000_123
const toMs = 1_790_000_000_456

const addressOf = (text: string, more: object = {}) =>
  new URLSearchParams({ db: 'warren', epoch: 'ms', q: text, ...more }).toString()

const between = (from: number, to: number) => `time >= ${from}ms AND time <= ${to}ms`

/** The third reading of a text, whose times are others each time. */
function readThrice(textFor: (from: number, to: number) => string, more: object = {}) {
  const stencils = new Stencils()
  const at = (shift: number) => addressOf(textFor(fromMs + shift, toMs + shift), more)
  const reads = [0, 1, 2].map((shift) => stencils.read(at(shift), own, nowNs))
  return { reads, address: at(2), stencils }
}

const recognised = [
  (from: number, to: number) =>
    `SELECT mean(v) FROM m WHERE h = 'x' AND ${between(from, to)} GROUP BY time(30s), h fill(none)`,
  (from: number, to: number) => `SELECT v FROM m WHERE time > ${from}ms AND time < ${to}ms LIMIT 5`,
  (from: number, to: number) =>
    `SELECT max(v) FROM /m.*/ WHERE (h =~ /a|b/) AND ${between(from, to)} GROUP BY *`,
  (from: number, to: number) => `SELECT v FROM m WHERE time > ${from}ms - 5m AND time < ${to}ms`,
] as const

it.each(recognised.map((each) => [each(fromMs, toMs), each] as const))(
  'reads the second time and later as it was read the first time: %s',
  (_, textFor) => {
    const { reads, address } = readThrice(textFor)
    expect(reads.map((read) => read !== undefined)).toEqual([false, true, true])
    const expected = readQuery(readParameters(address), own, nowNs)
    const read = reads[2]
    expect(read?.text()).toBe(expected.text())
    expect(read?.cost).toBeCloseTo(expected.cost, 1)
    expect(read?.query.epoch).toBe('ms')
    const ranged = toRanged(expected.query.statements, nowNs)
    expect(read?.query.ranged?.range).toEqual(ranged?.range)
    expect(textOf(read?.query.ranged as never)).toBe(textOf(ranged as never))
    expect(read?.query.statements.map(printStatement)).toEqual([
      printStatement(toStatement(ranged as never)),
    ])
  },
)

it.each([
  ['now() beside it', (f: number, t: number) => `${between(f, t)} AND time > now() - 1h`],
  ['another bound', (f: number, t: number) => `${between(f, t)} AND time > '2026-09-20T00:00:00Z'`],
  ['a moment in a text', (f: number, t: number) => `h = '${f}ms' AND time > 1d AND time < ${t}ms`],
  ['a moment in a name', (f: number, t: number) => `x${f}ms = 'a' AND time < ${t}ms`],
  ['two beginnings', (f: number, t: number) => `time > ${f}ms AND time > ${t}ms`],
  ['two ends', (f: number, t: number) => `time < ${f}ms AND time < ${t}ms`],
  ['half a moment', (f: number, t: number) => `time > ${f}ms / 2 AND time < ${t}ms`],
  ['the ends exchanged', (f: number, t: number) => `time < ${t}ms AND time > ${f}ms`],
  ['three moments', (f: number, t: number) => `${between(f, t)} AND time > ${f}ms`],
  ['one moment', (f: number) => `time > ${f}ms`],
  ['no end', (f: number, t: number) => `time = ${f}ms OR time > ${t}ms`],
])('reads anew what has %s', (_, where) => {
  const { reads } = readThrice((from, to) => `SELECT v FROM m WHERE ${where(from, to)}`)
  expect(reads).toEqual([undefined, undefined, undefined])
})

it.each([
  ['several statements', `SHOW TAG KEYS; SELECT v FROM m WHERE $t`, {}],
  ['a subquery', 'SELECT max(v) FROM (SELECT v FROM m WHERE $t)', {}],
  ['what is refused', 'SELECT v INTO n FROM m WHERE $t', {}],
  ['another database', 'SELECT v FROM m WHERE $t', { db: 'other' }],
  ['pretty answers', 'SELECT v FROM m WHERE $t', { pretty: 'true' }],
  ['an unknown parameter', 'SELECT v FROM m WHERE $t', { x: '1' }],
])('leaves to others: %s', (_, text, more) => {
  const { reads } = readThrice((from, to) => text.replace('$t', between(from, to)), more)
  expect(reads).toEqual([undefined, undefined, undefined])
})

it('keeps tenants, grants, policies and epochs apart', () => {
  const [textFor] = recognised
  const { stencils, address } = readThrice(textFor)
  const others = [
    [{ tenant: 'b', deployments: undefined }, `tenant::tag = 'b'`],
    [{ tenant: 'a', deployments: ['x'] }, `deployment::tag = 'x'`],
    [{ tenant: 'a', deployments: ['x', 'y'] }, `deployment::tag = 'y'`],
    [{ tenant: 'a', deployments: ['x","y'] }, `deployment::tag = 'x","y'`],
  ] as const
  for (const [rights, guard] of others) {
    expect(stencils.read(address, rights, nowNs)).toBeUndefined()
    expect(stencils.read(address, rights, nowNs)?.text()).toContain(guard)
  }
  expect(stencils.read(address, own, nowNs)?.text()).toContain(`tenant::tag = 'a'`)
  const inSeconds = address.replace('epoch=ms', 'epoch=s')
  expect(stencils.read(inSeconds, own, nowNs)).toBeUndefined()
  expect(stencils.read(inSeconds, own, nowNs)?.query.epoch).toBe('s')
})

it('leaves a range to others that makes too many windows', () => {
  const textFor = (from: number, to: number) =>
    `SELECT mean(v) FROM m WHERE ${between(from, to)} GROUP BY time(1ms)`
  const { stencils } = readThrice(textFor)
  expect(stencils.read(addressOf(textFor(fromMs, fromMs + 1000)), own, nowNs)).toBeDefined()
  expect(stencils.read(addressOf(textFor(fromMs, fromMs + 10_000_000)), own, nowNs)).toBeUndefined()
})

it('forgets what was asked for least lately', () => {
  const stencils = new Stencils()
  const ask = (host: number) => {
    const text = `SELECT v FROM m WHERE h = '${'x'.repeat(1000)}${host}' AND ${between(fromMs, toMs)}`
    return stencils.read(addressOf(text), own, nowNs)
  }
  for (let host = 0; host < 2000; host += 1) {
    expect(ask(host)).toBeUndefined()
    expect(ask(host)).toBeDefined()
  }
  expect(ask(1999)).toBeDefined()
  expect(ask(0)).toBeUndefined()
})
