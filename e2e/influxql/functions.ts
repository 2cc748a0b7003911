import type { Random } from '../random.ts'
import { ident } from './clauses.ts'
import type { Kind, Shape } from './dataset.ts'

export const numeric = [
  'count',
  'sum',
  'mean',
  'min',
  'max',
  'first',
  'last',
  'spread',
  'stddev',
  'median',
  'mode',
  'distinct',
  'percentile',
  'integral',
] as const
const ofTexts = ['count', 'first', 'last', 'distinct', 'mode'] as const
const ofBooleans = ['count', 'first', 'last', 'distinct', 'mode', 'min', 'max'] as const
export const nestable = [
  'count',
  'sum',
  'mean',
  'min',
  'max',
  'first',
  'last',
  'spread',
  'median',
  'stddev',
  'percentile',
  'mode',
]
export const transforms = [
  'derivative',
  'non_negative_derivative',
  'difference',
  'non_negative_difference',
  'cumulative_sum',
  'moving_average',
  'elapsed',
]
export const maths = [
  'abs',
  'ceil',
  'floor',
  'round',
  'sqrt',
  'exp',
  'ln',
  'log2',
  'log10',
  'sin',
  'cos',
  'tan',
  'atan',
]

const isNumber = (kind: Kind) => kind === 'float' || kind === 'integer'

export function call(name: string, argument: string, random: Random): string {
  if (name === 'percentile')
    return `percentile(${argument}, ${random.pick(['50', '95', '99.9', '10', '100', '0'])})`
  if (name === 'integral') return `integral(${argument}${random.pick(['', ', 1m', ', 1h'])})`
  if (name === 'moving_average') return `moving_average(${argument}, ${random.int(2, 5)})`
  if (/derivative|elapsed/.test(name))
    return `${name}(${argument}${random.pick(['', ', 1s', ', 1m', ', 1h'])})`
  return `${name}(${argument})`
}

/** A field and what its kind allows. */
export function aggregate(random: Random, { fields }: Shape, only?: 'numbers'): string {
  const all = Object.entries(fields).filter(([, kind]) => only === undefined || isNumber(kind))
  const [field, kind] = random.pick(all)
  // Sometimes what the kind does not allow.
  const allowed =
    isNumber(kind) || random.chance(0.03) ? numeric : kind === 'string' ? ofTexts : ofBooleans
  const name = random.pick(allowed)
  if (name === 'distinct' && random.chance(0.4)) return `count(distinct(${ident(field)}))`
  return call(name, ident(field), random)
}

export const numberField = (random: Random, { fields }: Shape): string =>
  ident(random.pick(Object.entries(fields).filter(([, kind]) => isNumber(kind)))[0])

export const alias = (random: Random): string =>
  random.chance(0.15) ? ` AS ${random.pick(['x', 'y z', 'time2'].map(ident))}` : ''
