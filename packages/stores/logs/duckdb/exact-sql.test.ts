import { expect, test } from 'vitest'
import { exactSql } from './exact-sql.ts'

const at = '2026-03-04T08:00:00.000Z'
const ns = BigInt(Date.parse(at)) * 1_000_000n
const scope = { tenant: 'acme', nowMs: 0 }

test.each<[object, string]>([
  [{ gte: at }, `(true AND time >= ${ns})`],
  [{ gt: at }, `(true AND time >= ${ns + 1n})`],
  [{ lte: at }, `(true AND time <= ${ns})`],
  [{ lt: at }, `(true AND time <= ${ns - 1n})`],
  [{ lte: '2026-03-04T08:00:00Z' }, `(true AND time <= ${ns + 999_999_999n})`],
  [{ gte: '2026-03-04T08:00:00.000000007Z' }, `(true AND time >= ${ns + 7n})`],
  [{ gte: '9999' }, 'false'],
  [{ lte: '1969' }, 'false'],
  [{ gte: '1969', lt: '9999' }, '(true)'],
])('%j to the nanosecond', (bounds, sql) => {
  expect(exactSql({ type: 'range', field: '@timestamp', ...bounds }, scope)).toBe(sql)
})
