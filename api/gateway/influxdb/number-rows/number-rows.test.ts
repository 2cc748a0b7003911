import fc from 'fast-check'
import { expect, it } from 'vitest'
import { printNumberRows } from './number-rows.ts'

/** As they were printed before there was a module for it. */
const toText = (value: number): string => {
  if (Number.isNaN(value)) return 'null'
  return Object.is(value, -0) ? '-0' : String(value)
}

const print = (...values: number[]): string | undefined =>
  printNumberRows({
    texts: values.map(() => '7'),
    columns: [{ numbers: Float64Array.from(values) }],
  })

const expected = (...values: number[]): string =>
  values.map((value) => `,[7,${toText(value)}]`).join('')

const bits = new DataView(new ArrayBuffer(8))

function ofBits(high: number, low: number): number {
  bits.setUint32(0, high)
  bits.setUint32(4, low)
  return bits.getFloat64(0)
}

it.each([
  ['zeros', '0 -0'],
  ['where exponents begin', '1e21 999999999999999900000 1e-6 9.999999999999999e-7 1e-7 1.5e-9'],
  ['the least and the greatest', '5e-324 -5e-324 2.2250738585072014e-308 1.7976931348623157e308'],
  [
    'halfway between two decimals',
    '9007199254740993 5e22 1e23 618970019642690137449562112 4.35 0.3',
  ],
  ['what is no number', 'NaN 1'],
  ['integers', '1 -1 10 100 123456 9007199254740992 9007199254740994 1e15 1e16 1e20'],
])('prints %s as JavaScript does', (_, texts) => {
  const values = texts.split(' ').map(Number)
  expect(print(...values)).toBe(expected(...values))
})

it('prints each power of two and of ten, and its neighbours', () => {
  const powers = Array.from({ length: 2047 }, (_, biased) => ofBits(biased << 20, 0))
  const tens = Array.from({ length: 632 }, (_, power) => Number(`1e${power - 323}`))
  const around = [...powers, ...tens].flatMap((value) => {
    bits.setFloat64(0, value)
    const own = bits.getBigUint64(0)
    return [own - 1n, own, own + 1n].map((each) => {
      bits.setBigUint64(0, BigInt.asUintN(63, each))
      return bits.getFloat64(0)
    })
  })
  const finite = around.filter(Number.isFinite)
  expect(print(...finite)).toBe(expected(...finite))
})

it('prints any number as JavaScript does', () => {
  const word = fc.integer({ min: 0, max: 0xffff_ffff })
  const anyBits = fc.tuple(word, word).map(([high, low]) => ofBits(high, low))
  const decimals = fc
    .tuple(fc.integer(), fc.integer({ min: -12, max: 12 }))
    .map(([digits, power]) => Number(`${digits}e${power}`))
  const means = fc
    .tuple(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 1, max: 3600 }))
    .map(([sum, count]) => sum / 1000 / count)
  const numbers = fc.array(fc.oneof(anyBits, decimals, means, fc.double()), { maxLength: 50 })
  fc.assert(
    fc.property(numbers, (values) => {
      const finite = values.filter((value) => Math.abs(value) !== Number.POSITIVE_INFINITY)
      expect(print(...finite)).toBe(expected(...finite))
    }),
    { numRuns: 2000 },
  )
})

it('leaves infinite numbers, other letters and long texts to others', () => {
  expect(print(1, Number.POSITIVE_INFINITY)).toBeUndefined()
  expect(print(Number.NEGATIVE_INFINITY)).toBeUndefined()
  const columns = [{ numbers: Float64Array.of(1) }]
  expect(printNumberRows({ texts: ['"ü"'], columns })).toBeUndefined()
  expect(printNumberRows({ texts: ['7'.repeat(2e5)], columns })).toBeUndefined()
  const many = Array.from({ length: 9000 }, () => ({ numbers: Float64Array.of(1) }))
  expect(printNumberRows({ texts: ['7'], columns: many })).toBeUndefined()
})

it.each([0, 1, 2047, 2048, 2049, 5000])(
  'prints %d rows of two columns, one of them with gaps',
  (rows) => {
    const texts = Array.from({ length: rows }, (_, at) => `"${'x'.repeat(at % 40)}${at}"`)
    const empty = Uint8Array.from(texts, (_, at) => (at % 3 === 0 ? 1 : 0))
    const numbers = Float64Array.from(texts, (_, at) => at / 7)
    const others = Float64Array.from(texts, (_, at) => -at * 1e17)
    const lines = texts.map((text, at) => {
      const first = at % 3 === 0 ? 'null' : toText(at / 7)
      return `,[${text},${first},${toText(-at * 1e17)}]`
    })
    const ends = new Uint32Array(rows)
    const text = printNumberRows(
      { texts, columns: [{ numbers, empty }, { numbers: others }] },
      ends,
    )
    expect(text).toBe(lines.join(''))
    const starts = [0, ...ends]
    expect(lines.map((_, at) => text?.slice(starts[at], starts[at + 1]))).toEqual(lines)
  },
)

it('takes the texts of the rows that are printed, whatever was printed before', () => {
  const columns = [{ numbers: Float64Array.of(1, 2) }]
  const [own, other] = [
    ['1', '22'],
    ['"a"', ''],
  ]
  for (const texts of [own, own, other, own])
    expect(printNumberRows({ texts, columns })).toBe(`,[${texts[0]},1],[${texts[1]},2]`)
})
