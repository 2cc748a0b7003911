import { expect, test } from 'vitest'
import { parseParameters } from './parameters.ts'
import { outcomeOf } from './parse.testing.ts'

// Each answer is that of the reference parser, github.com/influxdata/influxql 1.4.1.
test.each([
  [
    '{"x": 9007199254740993}',
    'SELECT v FROM cpu WHERE a = $x',
    'SELECT v FROM cpu WHERE a = 9007199254740993',
  ],
  ['{"x": -5}', 'SELECT v FROM cpu WHERE a = $x', 'SELECT v FROM cpu WHERE a = -5'],
  ['{"x": 2.0}', 'SELECT v FROM cpu WHERE a = $x', 'SELECT v FROM cpu WHERE a = 2.0'],
  [
    '{"x": {"integer": 9007199254740993}}',
    'SELECT v FROM cpu WHERE a = $x',
    'SELECT v FROM cpu WHERE a = 9007199254740993',
  ],
  ['{"x": {"float": 2}}', 'SELECT v FROM cpu WHERE a = $x', 'SELECT v FROM cpu WHERE a = 2.0'],
  ['{"x": {"int": 2}}', 'SELECT v FROM cpu WHERE a = $x', 'SELECT v FROM cpu WHERE a = 2'],
  [
    '{"x": {"duration": 10000000000}}',
    'SELECT v FROM cpu WHERE a = $x',
    'SELECT v FROM cpu WHERE a = 10s',
  ],
  [
    '{"x": {"duration": "-5s"}}',
    'SELECT v FROM cpu WHERE a = $x',
    'SELECT v FROM cpu WHERE a = -5s',
  ],
  [
    '{"x": {"regex": 1}}',
    'SELECT v FROM cpu WHERE a = $x',
    'missing parameter: regex literal must be a string value',
  ],
  [
    '{"x": {"regex": "["}}',
    'SELECT v FROM cpu WHERE a =~ $x',
    'error parsing regexp: missing closing ]: `[` at line 1, char 30',
  ],
  ['{"x": "a"}', 'SELECT v FROM cpu WHERE a =~ $x', 'found a, expected regex at line 1, char 30'],
  [
    '{"x": {"identifier": 1}}',
    'SELECT v FROM $x',
    'found identifier must be a string value, expected identifier at line 1, char 15',
  ],
  [
    '{"x": {"unsigned": 7}}',
    'SELECT v FROM cpu WHERE a = $x',
    'missing parameter: unknown bind object type: unsigned',
  ],
  [
    '{"x": {"boolean": true}}',
    'SELECT v FROM cpu WHERE a = $x',
    'missing parameter: unknown bind object type: boolean',
  ],
  [
    '{"x": {"float": "2"}}',
    'SELECT v FROM cpu WHERE a = $x',
    'missing parameter: number literal must be a float value',
  ],
  [
    '{"x": {"integer": 5.5}}',
    'SELECT v FROM cpu WHERE a = $x',
    'missing parameter: integer literal must be an integer value',
  ],
  [
    '{"x": {"duration": 1.5}}',
    'SELECT v FROM cpu WHERE a = $x',
    'missing parameter: duration literal must be a string or integer value',
  ],
  ['{"x": {"duration": "x"}}', 'SELECT v FROM cpu WHERE a = $x', 'invalid duration'],
  [
    '{"x": null}',
    'SELECT v FROM cpu WHERE a = $x',
    'missing parameter: unable to bind parameter with type <nil>',
  ],
  [
    '{"x": [1]}',
    'SELECT v FROM cpu WHERE a = $x',
    'missing parameter: unable to bind parameter with type []interface {}',
  ],
  [
    '{"x": {}}',
    'SELECT v FROM cpu WHERE a = $x',
    'missing parameter: bound object parameter value must have exactly one entry',
  ],
  [
    '{"x": {"float": 1, "integer": 2}}',
    'SELECT v FROM cpu WHERE a = $x',
    'missing parameter: bound object parameter value must have exactly one entry',
  ],
  ['{"x": true}', 'SELECT v FROM cpu LIMIT 1 $x', 'found TRUE, expected ; at line 1, char 27'],
  ['{"x": ""}', 'SELECT v FROM cpu LIMIT 1 $x', 'found STRING, expected ; at line 1, char 27'],
  [
    '{"x":9223372036854775808}',
    'SELECT v FROM cpu WHERE a = $x',
    'missing parameter: strconv.ParseInt: parsing "9223372036854775808": value out of range',
  ],
  [
    '{"x":1e3}',
    'SELECT v FROM cpu WHERE a = $x',
    'missing parameter: strconv.ParseInt: parsing "1e3": invalid syntax',
  ],
  [
    '{"x":1.5e400}',
    'SELECT v FROM cpu WHERE a = $x',
    'missing parameter: strconv.ParseFloat: parsing "1.5e400": value out of range',
  ],
  ['{"x":1.5e3}', 'SELECT v FROM cpu WHERE a = $x', 'SELECT v FROM cpu WHERE a = 1500.0'],
  [
    '{"x":{"integer":2.0}}',
    'SELECT v FROM cpu WHERE a = $x',
    'missing parameter: integer literal must be an integer value',
  ],
  [
    '{"x":-9223372036854775808}',
    'SELECT v FROM cpu WHERE a = -$x',
    'SELECT v FROM cpu WHERE a = -9223372036854775808',
  ],
])('%s in %s', (parameters, text, answer) => {
  expect(outcomeOf(text, parseParameters(parameters))).toBe(answer)
})

test.each(['5', '2.0', '[]', '"x"', 'true'])('%s is no object of parameters', (text) => {
  expect(parseParameters(text)).toBeUndefined()
})

test('null are none', () => expect(parseParameters('null')).toEqual({}))
