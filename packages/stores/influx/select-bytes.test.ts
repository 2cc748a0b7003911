import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readSelectBytes } from './select-bytes.ts'

const hidden = new Set(['tenant'])

interface Series {
  readonly name: string
  readonly tags?: Readonly<Record<string, string>>
  readonly columns: readonly string[]
  readonly values: readonly (readonly (number | string | boolean | null)[])[]
}

const bodyOf = (series: readonly Series[]): string =>
  `${JSON.stringify({ results: [{ statement_id: 0, series }] })}\n`

/** In pieces that end anywhere. */
function cut(text: string, length: number): Buffer[] {
  const bytes = Buffer.from(text)
  const count = Math.ceil(bytes.length / length)
  return Array.from({ length: count }, (_, at) => bytes.subarray(at * length, (at + 1) * length))
}

async function pass(text: string, length = 1000): Promise<string | undefined> {
  const read = await readSelectBytes(cut(text, length), hidden)
  if (read === undefined) return undefined
  const bytes = Buffer.concat(read.pieces)
  expect(read.bytes).toBe(bytes.length)
  return bytes.toString()
}

/** What the parser's side does, on objects. */
function shown({ tags, columns, values, name }: Series): Series {
  const { tenant: _, ...left } = tags ?? {}
  return { name, ...(Object.keys(left).length === 0 ? {} : { tags: left }), columns, values }
}

const text = fc.oneof(
  fc.string(),
  fc.constantFrom('tenant', ']]}', '"tenant"', ',"values":[[', '\\', '\\"', '},{', 'ä€𝄞'),
)
const value = fc.oneof(fc.integer(), fc.double({ noNaN: true }), text, fc.boolean())
const oneSeries = fc
  .record({
    name: text,
    tags: fc.option(fc.dictionary(fc.constantFrom('host', 'tenant', 'disk'), text), {
      nil: undefined,
    }),
    more: fc.uniqueArray(fc.constantFrom('a', 'tenant', 'b', 'values'), { minLength: 1 }),
    rows: fc.array(fc.array(fc.option(value), { minLength: 4, maxLength: 4 }), { maxLength: 5 }),
  })
  .map(({ name, tags, more, rows }): Series => {
    const columns = ['time', ...more]
    const values = rows.map((row, at) => [at, ...row.slice(0, more.length)])
    const isTagged = tags !== undefined && Object.keys(tags).length > 0
    return { name, ...(isTagged ? { tags } : {}), columns, values }
  })

test('an answer in any pieces is passed on without the hidden tag, as if it were parsed', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(oneSeries, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 200 }),
      async (series, length) => {
        const passed = await pass(bodyOf(series), length)
        expect(JSON.parse(passed ?? 'null')).toEqual(JSON.parse(bodyOf(series.map(shown))))
        const read = await readSelectBytes(cut(bodyOf(series), length), hidden)
        expect(read?.rows).toBe(series.reduce((sum, { values }) => sum + values.length, 0))
      },
    ),
  )
})

const series: Series = {
  name: 'm',
  tags: { host: 'a<b' },
  columns: ['time', 'v'],
  values: [[1, 2]],
}

test('what has nothing to hide has the same bytes, digits and escapes included', async () => {
  const body =
    '{"results":[{"statement_id":0,"series":[{"name":"a\\u003cb","columns":["time","v"],"values":[[1,-0],[2,9007199254740993],[3,1e-7]]}]}]}\n'
  expect(await pass(body, 7)).toBe(body)
})

test('heads without the hidden tag are printed as Go prints them', async () => {
  const body = bodyOf([{ ...series, tags: { host: 'a<b', tenant: 't' } }])
  expect(await pass(body)).toContain('"tags":{"host":"a\\u003cb"},"columns"')
})

test.each([
  ['at its end', bodyOf([series]).replace(']]}', ']],"partial":true}')],
  ['before more', bodyOf([series, series]).replace(']]}', ']],"partial":true}')],
])('that a series may be cut is passed on %s, and told', async (_, body) => {
  for (const length of [1, 7, 1000]) {
    expect(await pass(body, length)).toBe(body)
    expect(await readSelectBytes(cut(body, length), hidden)).toMatchObject({ mayBeCut: true })
  }
  const inText = bodyOf([{ ...series, name: ',"partial":true}' }])
  expect(await readSelectBytes(cut(inText, 7), hidden)).toMatchObject({ mayBeCut: false })
})

test('so it is before a head without the hidden tag', async () => {
  const tagged = { ...series, tags: { host: 'a', tenant: 't' } }
  const body = bodyOf([tagged, tagged]).replace(']]}', ']],"partial":true}')
  expect(await pass(body)).toBe(body.replaceAll(',"tenant":"t"', ''))
})

test.each([
  ['an error', '{"results":[{"statement_id":0,"error":"no"}]}\n'],
  ['an error behind series', bodyOf([series]).replace(']}]}\n', '],"error":"no"}]}\n')],
  [
    'a message',
    bodyOf([series]).replace(']}]}\n', '],"messages":[{"level":"warning","text":"x"}]}]}\n'),
  ],
  ['half an answer', bodyOf([series]).slice(0, -8)],
  ['half a head', bodyOf([series]).slice(0, 60)],
  ['HTML', '<html>'],
  ['nothing', ''],
  ['more behind its end', `${bodyOf([series])}{}`],
  ['two results', bodyOf([series]).replace(']}\n', ',{"statement_id":1}]}\n')],
])('%s is to be parsed', async (_, body) => {
  expect(await pass(body)).toBeUndefined()
})
