import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SearchError } from './errors.ts'
import { evaluateScript } from './evaluate/pipelines/script.ts'
import { parseScript } from './parse/script.ts'
import { printScript } from './print/script.ts'

const params = { kind: 'params', names: new Set(['a', 'b']) } as const
const window = { kind: 'window' } as const
const bucket = new Map([
  ['a', 7],
  ['b', 2],
])

test.each<[string, string, number]>([
  ['params.a / params.b * 100', '((params.a / params.b) * 100.0)', 350],
  ['params.a + params.b * 2', '(params.a + (params.b * 2.0))', 11],
  ['(params.a+params.b)*-1', '((params.a + params.b) * (-1.0))', -9],
  ['params.a - params.b - 1', '((params.a - params.b) - 1.0)', 4],
  ['1 / 2', '(1.0 / 2.0)', 0.5],
  ['1.5e3 % 4', '(1500.0 % 4.0)', 0],
  ['return params.a;', 'params.a', 7],
  [
    'params.b > 0 ? params.a / params.b : 0',
    '((params.b > 0.0) ? (params.a / params.b) : 0.0)',
    3.5,
  ],
  [
    '!(params.a < 1 || params.b == 2) && params.a != 3 ? 1 : params.a >= 7 ? 2 : 3',
    '((!(((params.a < 1.0) || (params.b == 2.0))) && (params.a != 3.0)) ? 1.0 : ((params.a >= 7.0) ? 2.0 : 3.0))',
    2,
  ],
  [
    'Math.max(params.a, Math.pow(params.b, 10)) + Math.round(0.5)',
    '(Math.max(params.a, Math.pow(params.b, 10.0)) + Math.floor(0.5 + 0.5))',
    1025,
  ],
])('%s', (text, printed, value) => {
  const script = parseScript(text, params)
  expect(printScript(script)).toBe(printed)
  expect(evaluateScript(script, { params: bucket, values: [] })).toBe(value)
  expect(parseScript(printed, params)).toEqual(
    text.includes('Math.round') ? expect.anything() : script,
  )
})

const values = [1, 4, 2, 8, 5, 7]

// By hand from the definitions; Elasticsearch's own answers are compared in the log stores' contract.
test.each<[string, string, number]>([
  ['MovingFunctions.max(values)', 'MovingFunctions.max(values)', 8],
  ['MovingFunctions.min(values)', 'MovingFunctions.min(values)', 1],
  ['MovingFunctions.sum(values)', 'MovingFunctions.sum(values)', 27],
  ['MovingFunctions.unweightedAvg(values)', 'MovingFunctions.unweightedAvg(values)', 4.5],
  [
    'MovingFunctions.linearWeightedAvg(values)',
    'MovingFunctions.linearWeightedAvg(values)',
    (1 + 8 + 6 + 32 + 25 + 42) / 22,
  ],
  [
    'MovingFunctions.stdDev(values, MovingFunctions.unweightedAvg(values))',
    'MovingFunctions.stdDev(values, MovingFunctions.unweightedAvg(values))',
    Math.sqrt(37.5 / 6),
  ],
  ['MovingFunctions.ewma(values, 0.5)', 'MovingFunctions.ewma(values, 0.5)', 6.03125],
  ['MovingFunctions.holt(values, 1, 0)', 'MovingFunctions.holt(values, 1.0, 0.0)', 7],
  [
    'MovingFunctions.holtWinters(values, 0.3, 0.1, 0.1, 4, false)',
    '(values.length < 8 ? Double.NaN : MovingFunctions.holtWinters(values, 0.3, 0.1, 0.1, 4, false))',
    Number.NaN,
  ],
  ['values.length / 4', '(((double)values.length) / 4.0)', 1.5],
])('%s', (text, printed, value) => {
  const script = parseScript(text, window)
  expect(printScript(script)).toBe(printed)
  expect(evaluateScript(script, { params: new Map(), values })).toBe(value)
})

const pieces = fc.constantFrom(
  ...['params.a', 'params.b', 'params', '1', '0.5', '2e3', '(', ')', '+', '-', '*', '/', '%', '?'],
  ...[':', '<', '>=', '==', '!=', '&&', '||', '!', ',', ';', 'Math.max(', 'Math.abs(', 'return'],
  ...['Math.round(', 'Double.NaN', 'System.exit(', '"', "'", '\\', '{', '}', '[', ']', '=', '//'],
  ...['/*', '\n', ' ', '\u0000', '🔥', 'new ', 'while'],
)

test('any text is arithmetic or is refused; what is printed means the same and holds nothing else', () => {
  const texts = fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join(''))
  fc.assert(
    fc.property(texts, (text) => {
      let script: ReturnType<typeof parseScript>
      try {
        script = parseScript(text, params)
      } catch (error) {
        expect(error).toBeInstanceOf(SearchError)
        return
      }
      const printed = printScript(script)
      const rest = printed.replace(
        /params\.[ab]\b|Math\.(?:max|abs|floor)\b|Double\.NaN\b|\d+(?:\.\d+)?(?:e[-+]?\d+)?|[-+*/%<>=!&|?:(), ]/g,
        '',
      )
      expect(rest).toBe('')
      const input = { params: bucket, values: [] }
      expect(evaluateScript(parseScript(printed, params), input)).toBe(
        evaluateScript(script, input),
      )
    }),
    { numRuns: 5000 },
  )
})

describe('anything else is no arithmetic', () => {
  test.each([
    "doc['x'].value",
    'params.c',
    'params',
    'params.a.b',
    'params["a"]',
    'a',
    'values',
    'MovingFunctions.max(values)',
    'System.exit(1)',
    'Math.random()',
    'Math.PI',
    'Math.constructor(1)',
    'params.constructor',
    'params.__proto__',
    'Math.max(params.a)',
    'params.a; params.b',
    'params.a = 1',
    'def x = 1; x',
    '/* */ 1',
    '// 1',
    '1 // 2',
    '"text"',
    '1 +',
    '',
    '(1',
    '1)',
    '1 2',
    '0x10',
    '1e999',
    'params.a ? 1 : 2',
    '1 > 2',
    '(1 > 2) + 1',
    'while(true){}',
    'params.a\u00a0+ 1',
    `${'('.repeat(40)}1${')'.repeat(40)}`,
    `${'-'.repeat(40)}1`,
    `1${' + 1'.repeat(300)}`,
  ])('%s', (text) => {
    expect(() => parseScript(text, params)).toThrow(SearchError)
  })

  test.each([
    'params.a',
    'values',
    'values[0]',
    'MovingFunctions.max()',
    'MovingFunctions.max(params)',
    'MovingFunctions.ewma(values, values)',
    'MovingFunctions.holtWinters(values, 1, 1, 1, 0, true)',
    'MovingFunctions.holtWinters(values, 1, 1, 1, 2.5, true)',
    'MovingFunctions.toString(values)',
    'MovingFunctions.constructor(values)',
  ])('%s', (text) => {
    expect(() => parseScript(text, window)).toThrow(/scripts are not accepted/)
  })

  test('another language, parameters of one’s own', () => {
    expect(() => parseScript({ source: '1', lang: 'expression' }, params)).toThrow('language')
    expect(() => parseScript({ source: '1', params: { c: 1 } }, params)).toThrow('[params]')
    expect(() => parseScript({ id: 'stored' }, params)).toThrow('[id]')
  })
})
