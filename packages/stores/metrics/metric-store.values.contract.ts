import { expect, test } from 'vitest'
import {
  cpu,
  day,
  lineOf,
  newTenant,
  noon,
  type ReadContext,
  second,
} from './metric-store.context.contract.ts'

const oddNames = [
  'plain',
  'Plain',
  'PLAIN',
  'with.dots.in',
  'with space',
  'with,comma',
  'with=equals',
  'with"quote',
  "with'apostrophe",
  'with;semicolon -- and',
  'with\\backslash',
  'ünïcödé 日本 🐇',
  'select',
]

const quoted = (name: string): string => `"${name.replace(/\\/g, '\\\\').replace(/"/g, '\\"')}"`
const literal = (text: string): string => `'${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`

/** Whatever senders call things, and whatever they measure, comes back. */
export function namesAndValues({ write, rows, series, again }: ReadContext): void {
  test.each(oddNames)('the name %s, as measurement, tag, tag value and field', async (name) => {
    const tenant = newTenant()
    const others = oddNames.filter((other) => other !== name)
    const point = (odd: string, value: number) =>
      lineOf({
        measurement: odd,
        tags: { [`t${odd}`]: odd },
        fields: { [`f${odd}`]: value },
        timeNs: noon,
      })
    await write(tenant, ...others.map((other) => point(other, 1)), point(name, 2))
    const where = `${quoted(`t${name}`)} = ${literal(name)}`
    expect(
      await rows(tenant, `SELECT ${quoted(`f${name}`)} FROM ${quoted(name)} WHERE ${where}`),
    ).toEqual([['2026-03-03T12:00:00Z', 2]])
  })

  test('one name as a tag and a field', async () => {
    const tenant = newTenant()
    await write(tenant, `m,x=tag x=1 ${noon}`)
    expect(await rows(tenant, 'SELECT x::field, x::tag FROM m')).toEqual([
      ['2026-03-03T12:00:00Z', 1, 'tag'],
    ])
  })

  test('numbers as they are', async () => {
    const tenant = newTenant()
    const numbers = [-1.5, 0, 1e308, -1e308, 5e-324, 0.1, 1 / 3, 2 ** 53 + 2, 123456789.125, 1e21]
    await write(
      tenant,
      ...numbers.map((v, index) => cpu('a', noon + BigInt(index) * second, { v })),
    )
    await again()
    expect((await rows(tenant, 'SELECT v FROM cpu')).map(([, value]) => value)).toEqual(numbers)
  })

  test('integers as they are, and never a float in their place', async () => {
    const tenant = newTenant()
    const integers = [0n, -1n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n)]
    const lines = integers.map((v, index) => `m v=${v}i ${noon + BigInt(index) * second}`)
    await write(tenant, ...lines)
    await again()
    expect(await write(tenant, `m v=0.5 ${noon}`)).toMatchObject({
      refused: [{ code: 'field_type_conflict' }],
    })
    const found = (await rows(tenant, 'SELECT v FROM m')).map(([, value]) =>
      BigInt(value as bigint),
    )
    expect(found).toEqual(integers)
    expect(await rows(tenant, 'SHOW FIELD KEYS FROM m')).toEqual([['v', 'integer']])
    const sums = 'SELECT sum(v), mean(v) FROM m WHERE v >= -1 AND v < 1'
    expect((await rows(tenant, sums)).map((row) => row.slice(1))).toEqual([[-1, -0.5]])
  })

  test('strings as they are', async () => {
    const tenant = newTenant()
    const texts = ['', ' ', 'a "quoted" text', 'back\\slash', 'a, b = c', 'two\nlines', '日本 🐇']
    await write(tenant, ...texts.map((s, index) => cpu('a', noon + BigInt(index) * second, { s })))
    expect((await rows(tenant, 'SELECT s FROM cpu')).map(([, value]) => value)).toEqual(texts)
  })

  test('times around midnight, in 1970 and in 2100, to the nanosecond', async () => {
    const tenant = newTenant()
    const midnight = noon - 43_200n * second
    const times = [1n, day - 1n, midnight - 1n, midnight, midnight + 1n, 4_102_444_800n * second]
    await write(tenant, ...times.map((time, index) => cpu('a', time, { v: index })))
    await again()
    expect(await rows(tenant, "SELECT v FROM cpu WHERE time >= 0 AND time < '2200-01-01'")).toEqual(
      [
        ['1970-01-01T00:00:00.000000001Z', 0],
        ['1970-01-01T23:59:59.999999999Z', 1],
        ['2026-03-02T23:59:59.999999999Z', 2],
        ['2026-03-03T00:00:00Z', 3],
        ['2026-03-03T00:00:00.000000001Z', 4],
        ['2100-01-01T00:00:00Z', 5],
      ],
    )
    expect(
      await rows(
        tenant,
        "SELECT v FROM cpu WHERE time >= '2026-03-03T00:00:00Z' AND time <= '2026-03-03T00:00:00Z'",
      ),
    ).toEqual([['2026-03-03T00:00:00Z', 3]])
  })

  test('tenants never see each other', async () => {
    const [one, two] = [newTenant(), newTenant()]
    await write(one, cpu('a', noon, { v: 1 }))
    await write(two, cpu('a', noon, { v: 'text' }), cpu('b', noon, { w: 2 }))
    expect(await rows(one, 'SELECT * FROM cpu')).toEqual([['2026-03-03T12:00:00Z', 'a', 1]])
    expect(await rows(two, 'SELECT v, w FROM cpu')).toEqual([
      ['2026-03-03T12:00:00Z', 'text', null],
      ['2026-03-03T12:00:00Z', null, 2],
    ])
    expect(await series(newTenant(), 'SELECT * FROM cpu')).toEqual([])
  })
}
