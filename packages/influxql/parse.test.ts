import { describe, expect, test } from 'vitest'
import { ParseError } from './parse/error.ts'
import { parseExpressionText, parseQuery } from './parse.ts'
import { printExpression } from './print/expression.ts'
import { printStatement } from './print.ts'

const printed = (text: string) => parseQuery(text).map(printStatement)

describe('what the reference lexer does', () => {
  test('a bare name glued to a quoted one is dropped', () => {
    expect(printed('SELECT v FROM cpu"secret"')).toEqual(['SELECT v FROM secret'])
  })

  test('a carriage return ends a comment', () => {
    expect(printed('SELECT v -- x\rFROM cpu')).toEqual(['SELECT v FROM cpu'])
  })

  test('a comment is a regex where a regex may stand', () => {
    expect(() => parseQuery('SELECT/**/v FROM cpu')).toThrow(ParseError)
    expect(() => parseQuery('SELECT v FROM cpu /* c */ WHERE a = 1')).toThrow(ParseError)
    expect(printed('SELECT v FROM cpu/**/WHERE a = 1')).toEqual(['SELECT v FROM cpu WHERE a = 1'])
  })

  test.each(['', ';', ';;', '-- x', '/* x */', ' \n'])('%j is no statement', (text) => {
    expect(parseQuery(text)).toEqual([])
  })

  test.each([
    ['SELECT v FROM cpu;\0 DROP DATABASE x', 'control character'],
    ['SELECT v\u00a0FROM cpu', 'found \u00a0'],
    ['SELECT v FROM cpu # x', 'found #'],
    ["SELECT v FROM cpu WHERE a = 'x\ny'", 'found x'],
    ["SELECT v FROM cpu WHERE a = '\\t'", 'found \\t'],
    ['SELECT v FROM cpu WHERE a = 1e5', 'invalid duration'],
    ['SELECT mean (v) FROM cpu', 'found (, expected FROM'],
    ['SELECT v FROM a.b.c.d', 'too many segments'],
    ['SELECT v FROM cpu WHERE a =~ /(?=x)/', 'error parsing query'],
    ['SELECT v FROM cpu fill(NULL)', 'expected number argument in fill()'],
    ['SELECT v FROM cpu SELECT w FROM cpu', 'found SELECT, expected ; at line 1, char 19'],
    ['SELECT v FROM cpu WHERE a = $x', 'missing parameter: x'],
    ['SELECT v FROM cpu WHERE a >= $.from', 'empty bound parameter'],
    // As 1.6.7 says it.
    [
      'SELECT mean("usage_user") FROM "with \\ backslash"',
      'found \\ , expected identifier at line 1, char 39',
    ],
    [`SELECT v FROM cpu WHERE time > ${'9'.repeat(400)}.0`, 'unable to parse number'],
    ["SELECT v FROM cpu tz('+01:00')", 'unable to find time zone +01:00'],
  ])('%j is refused', (text, reason) => {
    expect(() => parseQuery(text)).toThrow(reason)
  })
})

test.each([
  ['1001 42', '1001'],
  ['a ::float', 'a'],
  ["g '", 'g'],
  ['now() - 1h FROM', 'now() - 1h'],
])('what follows the expression of %j is not looked at', (text, expected) => {
  expect(printExpression(parseExpressionText(text))).toBe(expected)
})

describe('a bound parameter', () => {
  const bound = (text: string, parameters: Record<string, unknown>) =>
    parseQuery(text, { parameters }).map(printStatement)

  test('stands for one token, whatever it holds', () => {
    const text = 'SELECT $f FROM cpu WHERE h = $h AND r =~ $r LIMIT $n'
    const parameters = {
      f: { identifier: 'a" FROM x' },
      h: "x' OR 'a'='a",
      r: { regex: 'a/b' },
      n: 3,
    }
    expect(bound(text, parameters)).toEqual([
      `SELECT "a\\" FROM x" FROM cpu WHERE h = 'x\\' OR \\'a\\'=\\'a' AND r =~ /a\\/b/ LIMIT 3`,
    ])
  })

  test.each([
    ['another token', { h: { identifier: 'x' }, n: 'x' }, 'expected integer'],
    ['no RE2', { r: { regex: '(?=x)' } }, 'error parsing query'],
    ['a control character', { h: 'a\0b' }, 'control character in $h'],
    ['a carriage return', { h: 'a\rb' }, 'control character in $h'],
    ['an object of no type', { h: { what: 'x' } }, 'unknown bind object type: what'],
  ])('that is %s is refused', (_, parameters, reason) => {
    const all = { h: 'x', r: { regex: 'x' }, n: 1, ...parameters }
    const text = 'SELECT v FROM cpu WHERE h = $h AND r =~ $r LIMIT $n'
    expect(() => bound(text, all)).toThrow(reason)
  })
})

describe('limits', () => {
  test('of size, statements, depth and operators', () => {
    const deep = (levels: number) =>
      `SELECT v FROM cpu WHERE ${'('.repeat(levels)}a${')'.repeat(levels)} = 1`
    expect(parseQuery(deep(90))).toHaveLength(1)
    expect(() => parseQuery(deep(10_000))).toThrow('nested more than')
    expect(() => parseQuery('SHOW DATABASES;'.repeat(101))).toThrow('more than 100 statements')
    expect(() => parseQuery(' '.repeat(1_100_000))).toThrow('longer than')
    const regex = `SELECT v FROM /${'(a|b)'.repeat(4000)}/`
    expect(() => parseQuery(regex)).toThrow('the regexes of a query are longer than')
    const several = (count: number) => `SELECT v FROM ${Array(count).fill('/a{99}b*/').join(',')}`
    expect(parseQuery(several(160))).toHaveLength(1)
    expect(() => parseQuery(several(170))).toThrow('longer than 16384 characters together')
    const long = (terms: number) => `SELECT v FROM cpu WHERE ${Array(terms).fill('a').join(' OR ')}`
    expect(printed(long(1900))[0]).toContain('a OR a')
    expect(() => parseQuery(long(3000))).toThrow('more than 2000 operators')
  })

  test('the time it takes grows with the length only', () => {
    const hard = ["'\\", '/\\/', '"', '(', '-- ', '/*', '1.', 'a::'].map((part) =>
      part.repeat(Math.floor(200_000 / part.length)),
    )
    const started = performance.now()
    for (const text of hard) expect(() => parseQuery(`SELECT ${text}`)).toThrow(ParseError)
    expect(performance.now() - started).toBeLessThan(2000)
  })
})
