import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseQuery } from './parse.ts'
import { printStatement } from './print.ts'
import { ScopeError } from './scope/error.ts'
import { scopeStatement } from './scope.ts'
import { arbitrarySelect } from './testing.ts'
import type { SelectStatement } from './tree.ts'

const scope = { database: 'warren', tenant: "o'neil" }

function scoped(text: string): string {
  return parseQuery(text)
    .map((statement) => printStatement(scopeStatement(statement, scope)))
    .join('; ')
}

const guard = "tenant::tag = 'o\\'neil'"

describe('accepted', () => {
  test.each([
    ['SELECT v FROM cpu', `SELECT v FROM cpu WHERE ${guard}`],
    [
      'SELECT v FROM warren.autogen.cpu WHERE a = 1 OR true',
      `SELECT v FROM cpu WHERE ${guard} AND (a = 1 OR true)`,
    ],
    [
      'SELECT max(v) FROM (SELECT v FROM "warren".."cpu"), (SELECT v FROM /x/ WHERE a = 1) WHERE tenant = \'b\'',
      `SELECT max(v) FROM (SELECT v FROM cpu WHERE ${guard}), (SELECT v FROM /x/ WHERE ${guard} AND (a = 1)) WHERE tenant = 'b'`,
    ],
    ['SHOW MEASUREMENTS ON warren LIMIT 3', `SHOW MEASUREMENTS WHERE ${guard} LIMIT 3`],
    [
      "SHOW TAG VALUES FROM autogen.cpu WITH KEY = host WHERE a = 'b'",
      `SHOW TAG VALUES FROM cpu WITH KEY = host WHERE ${guard} AND (a = 'b')`,
    ],
    ['SHOW FIELD KEYS ON warren FROM "default".cpu', 'SHOW FIELD KEYS FROM cpu'],
    ['SELECT v_max FROM "5m"."cpu"', `SELECT v_max FROM "5m".cpu WHERE ${guard}`],
    ['SHOW FIELD KEYS FROM "1h"./x/', 'SHOW FIELD KEYS FROM "1h"./x/'],
    ['SHOW RETENTION POLICIES ON warren', 'SHOW RETENTION POLICIES'],
    ['SHOW DATABASES', 'SHOW DATABASES'],
  ])('%s', (text, expected) => {
    expect(scoped(text)).toBe(expected)
  })
})

describe('refused', () => {
  test.each([
    ['SELECT v FROM other..cpu', 'database not found: other'],
    ['SELECT v FROM (SELECT v FROM other..cpu)', 'database not found: other'],
    ['SELECT v FROM other..', 'identifier'],
    ['SELECT v FROM /x/, other./y/', 'retention policy not found: other'],
    ['SELECT v_max FROM other."5m".cpu', 'database not found: other'],
    ['SELECT v FROM "rp with dots".cpu', 'retention policy not found: rp with dots'],
    ['SELECT v INTO x FROM cpu', 'SELECT INTO'],
    ['SELECT v FROM (SELECT v INTO x FROM cpu)', 'SELECT INTO'],
    ['SELECT v FROM cpu, (SELECT v FROM mem)', 'both a measurement and a subquery'],
    ['SELECT v FROM _series', 'system measurements'],
    ['SHOW MEASUREMENTS ON *.*', 'ON *'],
    ['SHOW MEASUREMENTS WITH MEASUREMENT = other..cpu', 'database not found: other'],
    ['SHOW TAG KEYS FROM other..cpu', 'database not found: other'],
    ['SHOW QUERIES', 'SHOW QUERIES'],
    ['EXPLAIN SELECT v FROM cpu', 'EXPLAIN'],
    ['DELETE FROM cpu', 'DELETE'],
    ["CREATE USER x WITH PASSWORD 'secret'", 'CREATE USER'],
  ])('%s', (text, reason) => {
    expect(() => scoped(text)).toThrow(reason)
  })

  test('does not repeat a password', () => {
    expect(() => scoped("CREATE USER x WITH PASSWORD 'secret'")).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('secret') }),
    )
  })
})

/** Every SELECT that names a measurement has the guard, alone or before AND and a parenthesis. */
function isGuarded(select: SelectStatement): boolean {
  const isInner = select.sources.every(
    (source) => source.kind === 'measurement' || isGuarded(source.select),
  )
  if (!select.sources.some(({ kind }) => kind === 'measurement')) return isInner
  const { condition } = select
  const isAnd = condition?.kind === 'binary' && condition.op === 'AND'
  if (isAnd && condition.right.kind !== 'paren') return false
  const first = isAnd ? condition.left : condition
  return (
    first?.kind === 'binary' &&
    first.op === '=' &&
    first.left.kind === 'reference' &&
    first.left.name === 'tenant' &&
    first.left.type === 'tag' &&
    first.right.kind === 'string' &&
    first.right.value === scope.tenant
  )
}

test('what is printed has the guard wherever a measurement is named, or the statement is refused', () => {
  fc.assert(
    fc.property(arbitrarySelect, (select) => {
      let text: string
      try {
        text = printStatement(scopeStatement(select, scope))
      } catch (error) {
        expect(error).toBeInstanceOf(ScopeError)
        return
      }
      const [parsed, ...more] = parseQuery(text)
      expect(more).toEqual([])
      expect(parsed?.kind === 'select' && isGuarded(parsed)).toBe(true)
    }),
    { numRuns: 500 },
  )
})
