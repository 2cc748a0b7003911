import { parseQuery } from '@warren/influxql/parse'
import { startInfluxdb } from '@warren/test-servers/influxdb'
import type { TestServer } from '@warren/test-servers/test-server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AnswerBytes } from '../answer-bytes.ts'
import { parseExactly } from '../influx/parse-exactly.ts'
import { openInflux1 } from './influx1/testing.ts'
import { cpu, newTenant, noon, second, toBatch } from './metric-store.context.contract.ts'

let server: TestServer
beforeAll(async () => {
  server = await startInfluxdb()
})
afterAll(() => server.close())

const endNs = noon + 100n * second
const range = `time >= ${noon} AND time < ${endNs}`

const resultOf = ({ pieces }: AnswerBytes): unknown =>
  (parseExactly(Buffer.concat(pieces).toString()) as { results: unknown[] }).results[0]

test.each([
  ['SELECT mean(v) FROM cpu WHERE $t GROUP BY time(10s), host', 'bytes'],
  ['SELECT * FROM cpu WHERE $t', 'bytes'],
  ['SELECT v FROM cpu WHERE $t GROUP BY *', 'bytes'],
  ['SELECT v FROM nothing WHERE $t', 'rows'],
  // Half a character, and what has a meaning in a form.
  ["SELECT v FROM cpu WHERE $t AND host != 'é \ud800 + & = ; % #'", 'bytes'],
  ['SELECT v FROM cpu WHERE $t GROUP BY time(10s)', 'rows'],
])('%s comes as %s, and says what its rows say', async (text, form) => {
  const store = await openInflux1(server.url)
  const tenant = newTenant()
  const lines = Array.from({ length: 100 }, (_, index) =>
    cpu(`h${index % 5}`, noon + BigInt(index) * second, { v: index / 3 }),
  )
  await store.write(toBatch(tenant, lines))
  const [statement] = parseQuery(text.replace('$t', range))
  if (statement?.kind !== 'select') throw new Error('BUG: it is a SELECT')
  const { signal } = new AbortController()
  const asked = {
    tenant,
    epoch: 'ns',
    nowNs: endNs,
    hiddenTags: new Set(['tenant']),
    signal,
  } as const
  const answer = await store.select?.({ ...asked, statement })
  const [rows] = await store.query({ ...asked, statements: [statement] })
  const bytes = answer !== undefined && 'pieces' in answer ? answer : undefined
  expect(bytes === undefined ? 'rows' : 'bytes').toBe(form)
  const read = bytes === undefined ? answer : resultOf(bytes)
  expect(read).toEqual(rows)
  expect(JSON.stringify(read)).not.toContain('tenant')
  await store.close()
})
