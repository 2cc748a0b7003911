import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { classOfSearch, type GrafanaRow, isMsearch, searchesOf } from './grafana-rows.testing.ts'
import { rebuiltSearch, withFlatScripts } from './normal-form.testing.ts'
import { parseMsearch } from './parse/msearch.ts'
import { parseSearch } from './parse/search.ts'
import { printSearch } from './print.ts'
import type { SearchRequest } from './tree.ts'

const file = join(process.env['WARREN_SHARED'] ?? '', 'conformance/grafana/elasticsearch.jsonl')
const rows = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((line): GrafanaRow => JSON.parse(line))
  .filter(isMsearch)

/** What goes to Elasticsearch means the same to us. */
function expectSame(again: SearchRequest, { aggs, sort, searchAfter: _, ...same }: SearchRequest) {
  expect(again).toMatchObject(same)
  // Printed, an order is never absent, a date in `search_after` is a text, and a season has its guard.
  if (sort.length > 0) expect(again.sort).toEqual(sort)
  if (!JSON.stringify(aggs).includes('"holtWinters"')) expect(again.aggs).toEqual(aggs)
}

test.each(rows)('$id, $note: each search is what the rules say', (row) => {
  const searches = searchesOf(row)
  const items = parseMsearch(Buffer.from(row.body), undefined)
  expect(items).toHaveLength(searches.length)
  for (const [at, item] of items.entries()) {
    const sent = JSON.parse(searches[at] ?? '{}')
    const expected = classOfSearch(sent)
    if (expected.kind === 'refused') {
      expect(item).toMatchObject({ failure: { status: expected.status } })
      if ('failure' in item) expect(item.failure.error.reason).toMatch(expected.reason)
      continue
    }
    if ('failure' in item) throw new Error(item.failure.error.reason)
    const rebuilt = printSearch(item.request)
    expectSame(parseSearch(rebuilt), item.request)
    if (expected.kind === 'rebuilt') expect(withFlatScripts(rebuilt)).toEqual(rebuiltSearch(sent))
  }
})

test('nearly all of what Grafana sends is answered', () => {
  const classes = rows.flatMap((row) =>
    searchesOf(row).map((text) => classOfSearch(JSON.parse(text))),
  )
  const counts = Map.groupBy(classes, ({ kind }) => kind)
  console.log(Object.fromEntries([...counts].map(([kind, list]) => [kind, list.length])))
  expect(counts.get('refused')?.length).toBeLessThanOrEqual(classes.length * 0.06)
})
