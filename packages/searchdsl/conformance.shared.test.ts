import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseMsearch } from './parse-msearch.ts'
import { parseSearch } from './parse-search.ts'
import { printSearch } from './print.ts'

interface Row {
  readonly id: string
  readonly mode: string
  readonly path: string
  readonly body: string
}

const file = join(process.env['WARREN_SHARED'] ?? '', 'conformance/grafana/elasticsearch.jsonl')
const rows = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((line): Row => JSON.parse(line))
  .filter(({ path }) => path.endsWith('_msearch'))

/** Scripts, and what log records cannot have. */
const expected = new Map([
  [/scripts are not accepted/, 1],
  [/geo_point/, 2],
  [/runtime_mappings/, 1],
  // A path to an aggregation that is not there.
  [/No aggregation found for path \[c\]/, 1],
  // Lucene itself cannot read this one.
  [/Failed to parse query \[message:<b>/, 1],
])

test('every search that Grafana sends is parsed or refused by name', () => {
  const reasons: string[] = []
  let accepted = 0
  for (const { id, body } of rows) {
    const items = parseMsearch(Buffer.from(body), undefined)
    expect(items, id).toHaveLength(body.trim().split('\n').length / 2)
    for (const item of items) {
      if ('failure' in item) reasons.push(`${id} ${item.failure.error.reason}`)
      else {
        accepted++
        expect(parseSearch(printSearch(item.request)).query, id).toEqual(item.request.query)
      }
    }
  }
  console.log(`${accepted} accepted, ${reasons.length} refused`)
  for (const [pattern, count] of expected)
    expect(
      reasons.filter((reason) => pattern.test(reason)),
      String(pattern),
    ).toHaveLength(count)
  expect(reasons).toHaveLength([...expected.values()].reduce((sum, count) => sum + count, 0))
  expect(accepted).toBeGreaterThanOrEqual(113)
})
