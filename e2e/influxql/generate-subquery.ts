import type { Random } from '../random.ts'
import { fillOf, ident, intervalOf, rangeOf, tagGroups, tailOf } from './clauses.ts'
import { shapes } from './dataset.ts'
import { call, nestable, numberField, transforms } from './functions.ts'
import { assemble } from './generate-select.ts'

export function subquery(random: Random): string {
  const shape = random.pick(shapes)
  const range = rangeOf(random)
  const field = numberField(random, shape)
  const inner = random.weighted<() => string>([
    [
      3,
      () =>
        assemble(random, {
          fields: `${call(random.pick(nestable), field, random)} AS x`,
          shape,
          source: ident(shape.name),
          range,
          groups: [intervalOf(random, range).text, ...tagGroups(random, shape)],
          fill: fillOf(random),
          tail: '',
        }),
    ],
    [
      3,
      () =>
        assemble(random, {
          fields: `${field} AS x`,
          shape,
          source: ident(shape.name),
          range,
          groups: tagGroups(random, shape),
          tail: '',
        }),
    ],
    [
      1,
      () =>
        assemble(random, {
          fields: `${call(random.pick(nestable), field, random)} AS x`,
          shape,
          source: ident(shape.name),
          range,
          groups: tagGroups(random, shape),
          tail: '',
        }),
    ],
    [
      1,
      () =>
        assemble(random, {
          fields: `${field} * 2 AS x, ${numberField(random, shape)}`,
          shape,
          source: ident(shape.name),
          range,
          groups: [],
          tail: '',
        }),
    ],
  ])()
  const timed = random.chance(0.5)
  const fields = random.weighted<() => string>([
    [4, () => call(random.pick(nestable), 'x', random)],
    [2, () => 'x'],
    [1, () => '*'],
    [
      1,
      () =>
        `${call(random.pick(nestable), 'x', random)}, ${call(random.pick(nestable), 'x', random)}`,
    ],
    [1, () => `${call(random.pick(transforms), 'x', random)}`],
    [0.5, () => `top(x, ${random.int(1, 3)})`],
  ])()
  const isCall = /\(/.test(fields)
  const groups = [
    ...(timed && isCall && !/derivative|difference|cumul|moving|elapsed/.test(fields)
      ? [intervalOf(random, range).text]
      : []),
    ...tagGroups(random, shape),
  ]
  const group = groups.length === 0 ? '' : ` GROUP BY ${groups.join(', ')}`
  // Without a bound of its own a query around another is filled up to now.
  const isBound = random.chance(timed ? 1 : 0.5)
  const where = isBound ? ` WHERE ${range.text}` : random.chance(0.3) ? ` WHERE x > 10` : ''
  return `SELECT ${fields} FROM (${inner})${where}${group}${timed && isCall ? fillOf(random) : ''}${tailOf(random, { zone: false })}`
}
