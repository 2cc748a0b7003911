import type { Random } from '../random.ts'

export type Kind = 'float' | 'integer' | 'string' | 'boolean'

export interface Shape {
  readonly name: string
  readonly fields: Readonly<Record<string, Kind>>
  readonly tags: Readonly<Record<string, readonly string[]>>
  /** The most points of a series. */
  readonly points: number
  /** Seconds between two points; 0: any distance. */
  readonly stepS: number
}

/** The days around the night in which Europe's clocks go back. */
export const firstMs = Date.UTC(2023, 9, 27)
export const lastMs = Date.UTC(2023, 9, 31)

/** One measurement each of: many series with all kinds, one series, sparse points, odd names and texts, a field named as a tag. */
export const shapes: readonly Shape[] = [
  {
    name: 'cpu',
    fields: { usage: 'float', steps: 'integer', state: 'string', ok: 'boolean' },
    tags: { host: ['a', 'b', 'c', 'd'], region: ['', 'eu', 'us'] },
    points: 120,
    stepS: 1800,
  },
  { name: 'mem', fields: { free: 'float', used: 'integer' }, tags: {}, points: 300, stepS: 600 },
  {
    name: 'sparse',
    fields: { v: 'float', n: 'integer', text: 'string', flag: 'boolean' },
    tags: { host: ['a', 'b'] },
    points: 12,
    stepS: 0,
  },
  {
    name: 'odd name',
    fields: { 'x y': 'float', 'a<b': 'integer', note: 'string' },
    tags: { 'k v': ['1 2', 'a=b', 'c,d', 'ü&<>'] },
    points: 40,
    stepS: 3600,
  },
  {
    name: 'twin',
    fields: { dup: 'float', value: 'float' },
    tags: { dup: ['a', 'b'], zone: ['', 'x'] },
    points: 30,
    stepS: 7200,
  },
]

const texts = ['up', 'down', '<&>', 'it\'s "so"', 'line\u2028sep', '', 'back\\slash', '10']

function fieldText(random: Random, kind: Kind): string {
  switch (kind) {
    case 'float':
      return floatText(random)
    case 'integer':
      return `${random.chance(0.02) ? random.pick(['9007199254740993', '-9007199254740993']) : random.int(-50, 1000)}i`
    case 'string':
      return `"${random.pick(texts).replace(/["\\]/g, '\\$&')}"`
    case 'boolean':
      return random.pick(['true', 'false'])
  }
}

const oddFloats = ['0', '-0', '1e21', '1e20', '1e-7', '0.000001', '123456789.125', '-1e-9']

function floatText(random: Random): string {
  if (random.chance(0.04)) return random.pick(oddFloats)
  if (random.chance(0.4)) return String(random.int(-20, 100))
  return String((random.fraction() - 0.2) * 100)
}

const escapeName = (text: string): string => text.replace(/[, ]/g, '\\$&')
const escapeKey = (text: string): string => text.replace(/[,= ]/g, '\\$&')

function seriesOf({ name, tags }: Shape): string[] {
  return Object.entries(tags).reduce(
    (keys, [tag, values]) =>
      keys.flatMap((key) =>
        values.map((value) =>
          value === '' ? key : `${key},${escapeKey(tag)}=${escapeKey(value)}`,
        ),
      ),
    [escapeName(name)],
  )
}

function fieldsOf({ fields }: Shape, random: Random): string {
  const present = Object.entries(fields).filter(() => random.chance(0.8))
  const chosen = present.length > 0 ? present : Object.entries(fields).slice(0, 1)
  const pairs = chosen.map(([name, kind]) => `${escapeKey(name)}=${fieldText(random, kind)}`)
  return pairs.join(',')
}

/** Lines of all measurements: some at the same instant in several series, some between whole seconds. */
export function linesOf(random: Random): string[] {
  return shapes.flatMap((shape) =>
    seriesOf(shape).flatMap((key) => {
      const count = random.int(Math.ceil(shape.points / 3), shape.points)
      const startS = Math.floor(firstMs / 1000) + random.int(0, 20) * 600
      return Array.from({ length: count }, (_, index) => {
        const regular = startS + index * shape.stepS
        const s = shape.stepS > 0 ? regular : random.int(firstMs / 1000, lastMs / 1000)
        const extra = random.chance(0.1) ? random.int(1, 999_999_999) : 0
        const ns = BigInt(s) * 1_000_000_000n + BigInt(extra)
        return `${key} ${fieldsOf(shape, random)} ${ns}`
      })
    }),
  )
}
