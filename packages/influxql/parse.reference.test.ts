import { expect, test } from 'vitest'
import { outcomeOf } from './parse.testing.ts'

// Each answer is that of the reference parser, github.com/influxdata/influxql 1.4.1.

test.each([
  ['SELECT v FROM cpu LIMIT 5 x', 'found x, expected ; at line 1, char 27'],
  ['SHOW SHARDS ,', 'found ,, expected ; at line 1, char 13'],
])('a token that is none of those expected is named: %j', (text, answer) => {
  expect(outcomeOf(text)).toBe(answer)
})

test.each([
  ['SHOW MEASUREMENT', 'found EOF, expected EXACT, CARDINALITY at line 1, char 18'],
  ['SHOW FIELD KEY foo', 'found foo, expected EXACT, CARDINALITY at line 1, char 16'],
  ['SHOW TAG KEY EXACT', 'found EOF, expected CARDINALITY at line 1, char 20'],
  ['SHOW TAG VALUES EXACT WITH KEY = a', 'found WITH, expected CARDINALITY at line 1, char 23'],
  ['SHOW SERIES EXACT', 'SHOW SERIES'],
  ['SHOW SERIES EXACT FROM cpu', 'SHOW SERIES FROM cpu'],
])('the word after SHOW MEASUREMENT, FIELD KEY, TAG KEY and SERIES: %j', (text, answer) => {
  expect(outcomeOf(text)).toBe(answer)
})

test.each([
  ['SELECT v FROM', 'found EOF, expected identifier at line 1, char 15'],
  ['SELECT v FROM "cpu",', 'found EOF, expected identifier at line 1, char 22'],
  ['SELECT max(', 'found EOF, expected identifier, string, number, bool at line 1, char 13'],
  ['SELECT max(v,', 'found EOF, expected identifier, string, number, bool at line 1, char 15'],
  ['SELECT (1', 'found EOF, expected ) at line 1, char 10'],
  ['SELECT (1m', 'found EOF, expected ) at line 1, char 11'],
  ['SELECT ("a"', 'found EOF, expected ) at line 1, char 12'],
  ['SELECT v FROM "a".', 'found EOF, expected identifier at line 1, char 20'],
  ['SELECT v FROM cpu WHERE a =~', 'found EOF, expected regex at line 1, char 30'],
  ['SHOW TAG KEY -- c', 'found EOF, expected EXACT, CARDINALITY at line 1, char 19'],
  ['SHOW TAG KEY -- c\n', 'found EOF, expected EXACT, CARDINALITY at line 2, char 1'],
  ['SHOW TAG KEY/* c */', 'found EOF, expected EXACT, CARDINALITY at line 1, char 20'],
  ['SELECT v FROM (SELECT v FROM "cpu")', 'SELECT v FROM (SELECT v FROM cpu)'],
  [
    'SELECT v FROM (SELECT v FROM (SELECT v FROM "cpu")',
    'found EOF, expected ) at line 1, char 52',
  ],
  ['SELECT v FROM cpu WHERE a = $', 'empty bound parameter'],
])('the place of the end: %j', (text, answer) => {
  expect(outcomeOf(text)).toBe(answer)
})

test.each([
  ['SELECT v FROM cpu WHERE a =~ /x', 'bad regex:  at line 1, char 29'],
  ['SELECT v FROM /x', 'bad regex:  at line 1, char 14'],
  [
    '/x',
    'found /, expected SELECT, DELETE, SHOW, CREATE, DROP, EXPLAIN, GRANT, REVOKE, ALTER, SET, KILL at line 1, char 1',
  ],
])('the place of a regex that does not end: %j', (text, answer) => {
  expect(outcomeOf(text)).toBe(answer)
})

test.each([
  ["SELECT v FROM cpu ''", 'found STRING, expected ; at line 1, char 18'],
  ['SELECT v FROM cpu ""', 'found IDENT, expected ; at line 1, char 19'],
  ['SELECT v FROM 1. x', 'found 1, expected identifier at line 1, char 15'],
  ['SELECT v FROM cpu 1..5', 'found 1, expected ; at line 1, char 19'],
])('a token without text has the name of its kind: %j', (text, answer) => {
  expect(outcomeOf(text)).toBe(answer)
})

test.each([
  ['SELECT v FROM cpu /x/', 'found  , expected regex at line 1, char 18'],
  ['SELECT v FROM cpu /* c */ WHERE a = 1', 'found  , expected regex at line 1, char 18'],
  ['SELECT v FROM cpu,/x/', 'found ,, expected regex at line 1, char 18'],
  ['SELECT v FROM cpu, /x/', 'SELECT v FROM cpu, /x/'],
  ['SELECT v FROM rp./x/', 'SELECT v FROM rp./x/'],
  [
    'SELECT v FROM  /* c */ (SELECT v FROM cpu)',
    'error parsing regexp: missing argument to repetition operator: `*` at line 1, char 15',
  ],
  ['SELECT v FROM cpu/**/ WHERE a = 1', 'SELECT v FROM cpu WHERE a = 1'],
])('a regex follows a name with a dot between only: %j', (text, answer) => {
  expect(outcomeOf(text)).toBe(answer)
})

test.each([
  ['SELECT a ::float FROM cpu', 'found ::, expected FROM at line 1, char 10'],
  [
    'SELECT a:: float FROM cpu',
    'found  , expected float, integer, string, boolean, field, tag at line 1, char 11',
  ],
  ['SELECT a::unsigned FROM cpu', 'SELECT a::unsigned FROM cpu'],
  [
    'SELECT a::foo FROM cpu',
    'found foo, expected float, integer, unsigned, string, boolean, field, tag at line 1, char 11',
  ],
  ['SELECT *:: tag FROM cpu', 'found  , expected field, tag at line 1, char 11'],
  [
    'SELECT a::',
    'found EOF, expected float, integer, string, boolean, field, tag at line 1, char 11',
  ],
  ['SELECT a::TAG, *::FIELD FROM cpu', 'SELECT a::tag, *::field FROM cpu'],
])('a type stands right after its name: %j', (text, answer) => {
  expect(outcomeOf(text)).toBe(answer)
})

test.each([
  ['SELECT a.b.c.d FROM cpu', 'too many segments in "a"."b"."c".d at line 1, char 1'],
  ['SELECT a.b..d FROM cpu', 'too many segments in "a"."b"..d at line 1, char 1'],
  ['SELECT a.b.c."d e" FROM cpu', 'too many segments in "a"."b"."c"."d e" at line 1, char 1'],
  ['SELECT v FROM a.b.c.""', 'too many segments in "a"."b"."c"."" at line 1, char 1'],
])('names of too many parts: %j', (text, answer) => {
  expect(outcomeOf(text)).toBe(answer)
})

test.each([
  ['SHOW MEASUREMENTS WITH MEASUREMENT =~ cpu', 'SHOW MEASUREMENTS WITH MEASUREMENT = cpu'],
  ['SHOW MEASUREMENTS WITH MEASUREMENT = /cpu/', 'SHOW MEASUREMENTS WITH MEASUREMENT =~ /cpu/'],
  ['SHOW MEASUREMENTS ON', 'found EOF, expected identifier or * at line 1, char 22'],
  ['SHOW MEASUREMENTS ON *.', 'found EOF, expected identifier or * at line 1, char 24'],
  ['SHOW MEASUREMENTS ON *.*', 'SHOW MEASUREMENTS ON *.*'],
  ['SHOW MEASUREMENTS ON db.rp', 'SHOW MEASUREMENTS ON db.rp'],
])('SHOW MEASUREMENTS: %j', (text, answer) => {
  expect(outcomeOf(text)).toBe(answer)
})

test.each([
  ['SELECT v INTO a:MEASUREMENT FROM b', 'found :, expected FROM at line 1, char 16'],
  ['SELECT v INTO a :MEASUREMENT FROM b', 'SELECT v INTO a.:MEASUREMENT FROM b'],
  ['SELECT v INTO a.:MEASUREMENT FROM b', 'SELECT v INTO a.:MEASUREMENT FROM b'],
  ['SELECT v INTO a,:MEASUREMENT FROM b', 'found ,, expected : at line 1, char 16'],
])('INTO: %j', (text, answer) => {
  expect(outcomeOf(text)).toBe(answer)
})

test.each([
  ['SELECT DISTINCT/**/ v FROM cpu', 'found , expected (, identifier at line 1, char 16'],
  ['SELECT DISTINCT\u00a0v FROM cpu', 'found \u00a0, expected (, identifier at line 1, char 16'],
  ['SELECT DISTINCT v FROM cpu', 'SELECT DISTINCT v FROM cpu'],
  ['DROP SUBSCRIPTION s ON d .p', 'found  , expected . at line 1, char 25'],
  [
    "CREATE SUBSCRIPTION s ON d/**/.p DESTINATIONS ALL 'x'",
    'found , expected . at line 1, char 27',
  ],
  ['SELECT now( ) FROM cpu', 'SELECT now() FROM cpu'],
  [
    'SELECT now(--c\n) FROM cpu',
    'found ), expected identifier, string, number, bool at line 2, char 1',
  ],
  ['SELECT v AS a , b FROM cpu', 'SELECT v AS a, b FROM cpu'],
  ['SELECT v AS a/**/, b FROM cpu', 'found ,, expected FROM at line 1, char 18'],
  ['SELECT v FROM cpu GROUP BY /a/, b', 'SELECT v FROM cpu GROUP BY /a/, b'],
  ['SELECT v FROM cpu GROUP BY /a/ , b', 'found ,, expected ; at line 1, char 32'],
  ['SELECT v FROM cpu GROUP BY a , b', 'SELECT v FROM cpu GROUP BY a, b'],
  ['SELECT v FROM cpu ORDER BY time, x,', 'found EOF, expected identifier at line 1, char 36'],
])('what must follow at once: %j', (text, answer) => {
  expect(outcomeOf(text)).toBe(answer)
})

test.each([
  [
    "SELECT 'é😀', # FROM cpu",
    'found #, expected identifier, string, number, bool at line 1, char 14',
  ],
  ["SELECT '😀''x", 'found x, expected FROM at line 1, char 10'],
])('a place is counted in characters: %j', (text, answer) => {
  expect(outcomeOf(text)).toBe(answer)
})

test.each([
  ['SELECT v FROM "', 'found BADSTRING, expected identifier at line 1, char 14'],
  ["SELECT v FROM 'x\ny'", 'found x, expected identifier at line 1, char 14'],
  [
    'SELECT v FROM cpu WHERE a = $"',
    'found $, expected identifier, string, number, bool at line 1, char 29',
  ],
  ['SELECT v FROM "a\\', 'found \\\0, expected identifier at line 1, char 18'],
  ['SELECT v FROM "a\\é', 'found \\é, expected identifier at line 1, char 18'],
  ['SELECT v FROM "".b.c.d', 'too many segments in ""."b"."c".d at line 1, char 1'],
  ['SELECT v AS "" , w FROM cpu', 'SELECT v, w FROM cpu'],
  ['SELECT v AS ""/**/, w FROM cpu', 'found ,, expected FROM at line 1, char 19'],
])('a quote that does not end, and an empty name: %j', (text, answer) => {
  expect(outcomeOf(text)).toBe(answer)
})
