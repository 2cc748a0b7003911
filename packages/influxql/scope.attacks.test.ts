import { describe, expect, test } from 'vitest'
import { ControlCharacterError } from './parse/error.ts'
import { parseQuery } from './parse.ts'
import { printStatement } from './print.ts'
import { guard, refusal, scope, scoped } from './scope.attacks.testing.ts'
import { scopeStatement } from './scope.ts'

/** The traps that a proxy in front of InfluxDB is known for, by name. */
describe('an attack', () => {
  describe('by two readings of one text: what is asked is printed from the tree', () => {
    test.each([
      ['a bare name glued to a quoted one', 'SELECT v FROM cpu"secret"', 'FROM secret WHERE'],
      ['a carriage return that ends a comment', 'SELECT v -- x\rFROM mem', 'FROM mem WHERE'],
      [
        'a comment between statements',
        'SELECT v FROM cpu /* */;/* */ SHOW SERIES',
        'SHOW SERIES WHERE',
      ],
      [
        'a line separator within a comment',
        'SELECT v FROM cpu -- \u2028 WHERE x',
        'FROM cpu WHERE tenant',
      ],
    ])('%s', (_, text, expected) => {
      const outcome = refusal(text)
      if (!outcome.startsWith('accepted')) expect(outcome).toContain('error parsing query')
      else expect(outcome).toContain(expected)
      expect(outcome).not.toMatch(/--|\/\*|\r|\u2028/)
    })

    test.each([
      ['a NUL', 'SELECT v FROM cpu;\0 DROP DATABASE x', 'control character'],
      ['an escape', 'SELECT v FROM cpu\u001b', 'control character'],
      ['DEL', 'SELECT v FROM cpu WHERE a = \u007f', 'control character'],
      [
        'a control character within a text',
        "SELECT v FROM cpu WHERE a = 'x\u0007'",
        'control character',
      ],
      ['a byte order mark', '\ufeffSELECT v FROM cpu', 'found \ufeff'],
      ['a vertical tab', 'SELECT\u000bv FROM cpu', 'control character'],
      ['a parameter that nobody bound', 'SELECT v FROM cpu WHERE a = $m', 'missing parameter: m'],
    ])('%s is refused', (_, text, reason) => {
      expect(refusal(text)).toContain(reason)
      if (reason === 'control character')
        expect(() => parseQuery(text)).toThrow(ControlCharacterError)
    })
  })

  describe('by the condition', () => {
    test.each([
      ['an OR', "a = 1 OR tenant = 'b'", `${guard} AND (a = 1 OR tenant = 'b')`],
      ['an OR that is always true', 'a = 1 OR (true)', `${guard} AND (a = 1 OR (true))`],
      ['only true', 'true', `${guard} AND (true)`],
      ['time under OR', "time > 0 OR tenant = 'b'", `${guard} AND (time > 0 OR tenant = 'b')`],
      [
        'the other tenant, cast to a field',
        "tenant::field = 'b'",
        `${guard} AND (tenant::field = 'b')`,
      ],
      ['a parenthesis in a text', "a = ') OR (1 = 1'", `${guard} AND (a = ') OR (1 = 1')`],
      ['a quote in a text', "a = '\\' OR 1=1 --'", `${guard} AND (a = '\\' OR 1=1 --')`],
    ])('%s stays behind the predicate', (_, condition, expected) => {
      expect(scoped(`SELECT v FROM cpu WHERE ${condition}`)).toBe(
        `SELECT v FROM cpu WHERE ${expected}`,
      )
      for (const show of ['SHOW SERIES', 'SHOW MEASUREMENTS', 'SHOW TAG KEYS'])
        expect(scoped(`${show} WHERE ${condition}`)).toBe(`${show} WHERE ${expected}`)
    })

    test('a name that a field may shadow is cast to the tag, left of the sign', () => {
      expect(scoped('SELECT tenant FROM cpu')).toMatch(/WHERE tenant::tag = 'acme'$/)
    })

    test('a tenant with a quote in its name cannot leave its text', () => {
      const [statement] = parseQuery('SELECT v FROM cpu')
      if (statement === undefined) throw new Error('no statement')
      const text = printStatement(scopeStatement(statement, { ...scope, tenant: "x' OR 'a'='a" }))
      expect(parseQuery(text)).toMatchObject([{ condition: { right: { value: "x' OR 'a'='a" } } }])
    })
  })

  describe('by the source', () => {
    test('a subquery gets the predicate itself, at any depth', () => {
      expect(
        scoped(
          'SELECT x FROM (SELECT x FROM (SELECT v AS x FROM cpu), (SELECT v FROM /m/)) WHERE a = 1',
        ),
      ).toBe(
        `SELECT x FROM (SELECT x FROM (SELECT v AS x FROM cpu WHERE ${guard}), (SELECT v FROM /m/ WHERE ${guard})) WHERE a = 1`,
      )
    })

    test('all measurements of a list and a regex have it', () => {
      expect(scoped('SELECT v FROM /.*/, "5m"./.*/')).toBe(
        `SELECT v FROM /.*/, "5m"./.*/ WHERE ${guard}`,
      )
    })

    test.each([
      [
        'a measurement beside a subquery',
        'SELECT v FROM cpu, (SELECT v FROM cpu)',
        'both a measurement and a subquery',
      ],
      [
        'the same within a subquery',
        'SELECT v FROM (SELECT v FROM (SELECT v FROM m), cpu)',
        'both a measurement and a subquery',
      ],
      ['another database', 'SELECT v FROM other..cpu', 'database not found: other'],
      [
        'the physical database',
        'SELECT v FROM warren_acme..cpu',
        'database not found: warren_acme',
      ],
      [
        'another database with a regex',
        'SELECT v FROM other.autogen./.*/',
        'database not found: other',
      ],
      [
        'another database behind an own one',
        'SELECT v FROM cpu, other..cpu',
        'database not found: other',
      ],
      [
        'the statistics of the server',
        'SELECT v FROM _internal..httpd',
        'database not found: _internal',
      ],
      ['another policy', 'SELECT v FROM monitor.cpu', 'retention policy not found: monitor'],
      ['system measurements', 'SELECT v FROM _tagKeys', 'system measurements'],
      ['system measurements, quoted', 'SELECT v FROM "_series"', 'system measurements'],
      ['another database ON', 'SHOW TAG KEYS ON other', 'database not found: other'],
      [
        'another database in FROM of a SHOW',
        'SHOW FIELD KEYS FROM other..m',
        'database not found: other',
      ],
      [
        'another database in FROM of SHOW TAG VALUES',
        'SHOW TAG VALUES FROM other..m WITH KEY = k',
        'database not found: other',
      ],
      [
        'another database in FROM of SHOW SERIES',
        'SHOW SERIES FROM cpu, other..m',
        'database not found: other',
      ],
      ['all databases', 'SHOW MEASUREMENTS ON *.*', 'ON *'],
      [
        'all policies of another database',
        'SHOW MEASUREMENTS ON other.*',
        'database not found: other',
      ],
      [
        'another database WITH MEASUREMENT',
        'SHOW MEASUREMENTS WITH MEASUREMENT = other..cpu',
        'database not found: other',
      ],
      [
        'the policies of another database',
        'SHOW RETENTION POLICIES ON other',
        'database not found: other',
      ],
      [
        'the series of another database',
        'SHOW SERIES CARDINALITY ON other',
        'database not found: other',
      ],
      [
        'the series of another database, by source',
        'SHOW SERIES EXACT CARDINALITY FROM other..m',
        'database not found: other',
      ],
    ])('%s is refused', (_, text, reason) => {
      expect(refusal(text)).toContain(reason)
    })
  })

  describe('by the statement', () => {
    test.each([
      ['SELECT * INTO x FROM cpu', 'SELECT INTO'],
      ['SELECT v FROM (SELECT v INTO x FROM cpu)', 'SELECT INTO'],
      ['EXPLAIN SELECT v FROM cpu', 'EXPLAIN'],
      ['EXPLAIN ANALYZE SELECT v INTO x FROM cpu', 'EXPLAIN'],
      [
        'CREATE CONTINUOUS QUERY q ON warren BEGIN SELECT mean(v) INTO x FROM cpu GROUP BY time(1m) END',
        'CREATE CONTINUOUS QUERY',
      ],
      [
        "CREATE SUBSCRIPTION s ON warren.autogen DESTINATIONS ALL 'udp://h:1'",
        'CREATE SUBSCRIPTION',
      ],
      ['CREATE DATABASE x', 'CREATE DATABASE'],
      ['CREATE RETENTION POLICY p ON warren DURATION 1d REPLICATION 1', 'CREATE RETENTION POLICY'],
      ['ALTER RETENTION POLICY autogen ON warren DURATION 1h', 'ALTER RETENTION POLICY'],
      ["CREATE USER x WITH PASSWORD 'p' WITH ALL PRIVILEGES", 'CREATE USER'],
      ["SET PASSWORD FOR x = 'p'", 'SET PASSWORD'],
      ['GRANT ALL TO x', 'GRANT'],
      ['REVOKE ALL ON warren FROM x', 'REVOKE'],
      ['DROP DATABASE warren', 'DROP DATABASE'],
      ['DROP MEASUREMENT cpu', 'DROP MEASUREMENT'],
      ['DROP SERIES FROM cpu', 'DROP SERIES'],
      ['DROP SHARD 1', 'DROP SHARD'],
      ['DELETE FROM cpu', 'DELETE'],
      ['KILL QUERY 1', 'KILL QUERY'],
      ['SHOW QUERIES', 'SHOW QUERIES'],
      ['SHOW CONTINUOUS QUERIES', 'SHOW CONTINUOUS QUERIES'],
      ['SHOW SUBSCRIPTIONS', 'SHOW SUBSCRIPTIONS'],
      ['SHOW USERS', 'SHOW USERS'],
      ['SHOW GRANTS FOR x', 'SHOW GRANTS'],
      ['SHOW SHARDS', 'SHOW SHARDS'],
      ['SHOW SHARD GROUPS', 'SHOW SHARD GROUPS'],
      ['SHOW STATS', 'SHOW STATS'],
      ['SHOW DIAGNOSTICS', 'SHOW DIAGNOSTICS'],
      ['SHOW TAG VALUES CARDINALITY WITH KEY =~ /.*/', 'SHOW TAG VALUES CARDINALITY'],
    ])('%s is refused', (text, name) => {
      expect(refusal(text)).toMatch(/^error authorizing query: not authorized to execute /)
      expect(refusal(text)).toContain(name)
      // Behind one that is accepted it is refused as well, before anything is asked.
      expect(refusal(`SELECT v FROM cpu; ${text}`)).toContain(name)
    })
  })

  test('counts are of the own database, and exact ones have the predicate', () => {
    expect(scoped('SHOW SERIES CARDINALITY ON warren')).toBe('SHOW SERIES CARDINALITY')
    expect(scoped('SHOW SERIES EXACT CARDINALITY')).toBe(
      `SHOW SERIES EXACT CARDINALITY WHERE ${guard}`,
    )
    expect(scoped('SHOW MEASUREMENT CARDINALITY WHERE a = 1 OR true')).toBe(
      `SHOW MEASUREMENT CARDINALITY WHERE ${guard} AND (a = 1 OR true)`,
    )
    expect(scoped('SHOW TAG VALUES CARDINALITY WITH KEY = host')).toContain(`WHERE ${guard}`)
    expect(scoped('SHOW TAG VALUES CARDINALITY WITH KEY != "a.b"')).toContain(
      'WITH KEY !~ /^(?:a\\.b|tenant)$/',
    )
    expect(scoped('SHOW TAG VALUES CARDINALITY WITH KEY !~ /^a/')).toContain(
      'WITH KEY !~ /(?:^a)|^tenant$/',
    )
  })
})
