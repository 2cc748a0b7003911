import type { Random } from '../random.ts'
import {
  fillOf,
  ident,
  intervalOf,
  type Range,
  rangeOf,
  tagGroups,
  tailOf,
  whereOf,
} from './clauses.ts'
import { type Shape, shapes } from './dataset.ts'
import {
  aggregate,
  alias,
  call,
  maths,
  nestable,
  numberField,
  numeric,
  transforms,
} from './functions.ts'

interface Parts {
  readonly fields: string
  readonly source: string
  readonly shape: Shape
  readonly range: Range | undefined
  readonly groups: readonly string[]
  readonly fill?: string
  readonly tail: string
}

export function assemble(
  random: Random,
  { fields, source, shape, range, groups, fill = '', tail }: Parts,
): string {
  const group = groups.length === 0 ? '' : ` GROUP BY ${groups.join(', ')}`
  return `SELECT ${fields} FROM ${source}${whereOf(random, shape, range)}${group}${fill}${tail}`
}

function sourceOf(random: Random, shape: Shape): string {
  if (random.chance(0.05))
    return random.pick(['/cpu|mem/', '/s/', 'cpu, mem', 'nosuch', 'mem, nosuch'])
  return ident(shape.name)
}

export function raw(random: Random): string {
  const shape = random.pick(shapes)
  const names = [...Object.keys(shape.fields), ...Object.keys(shape.tags)]
  const fields = random.weighted<() => string>([
    [3, () => '*'],
    [
      5,
      () =>
        random
          .some(names)
          .map((name) => ident(name) + alias(random))
          .join(', '),
    ],
    [1, () => random.pick(['/./', '*::field', '/o/', '*::tag, ok'])],
    [
      2,
      () =>
        `${numberField(random, shape)} ${random.pick(['+', '-', '*', '/', '%'])} ${random.pick(['2', '0', '1.5', numberField(random, shape)])}`,
    ],
    [0.5, () => `${numberField(random, shape)} ${random.pick(['&', '|', '^'])} 3`],
    [
      1,
      () =>
        random
          .some(names)
          .map(
            (name) =>
              `${ident(name)}::${random.pick(['float', 'integer', 'string', 'boolean', 'field', 'tag'])}`,
          )
          .join(', '),
    ],
  ])()
  return assemble(random, {
    fields,
    shape,
    source: sourceOf(random, shape),
    range: random.chance(0.8) ? rangeOf(random) : undefined,
    groups: tagGroups(random, shape),
    tail: tailOf(random),
  })
}

function aggregateFields(random: Random, shape: Shape): string {
  return random.weighted<() => string>([
    [
      6,
      () =>
        Array.from(
          { length: random.int(1, 3) },
          () => aggregate(random, shape) + alias(random),
        ).join(', '),
    ],
    [
      2,
      () =>
        `${aggregate(random, shape, 'numbers')} ${random.pick(['+', '-', '*', '/', '%'])} ${random.pick(['2', '100', '0.5', '0', aggregate(random, shape, 'numbers')])}`,
    ],
    [1, () => `${random.pick(numeric.slice(0, 11))}(${random.pick(['*', '/./', '/e/'])})`],
    [
      1,
      () =>
        `${random.pick(['first', 'last', 'max', 'min'])}(${numberField(random, shape)}), ${random
          .some([...Object.keys(shape.fields), ...Object.keys(shape.tags)])
          .map(ident)
          .join(', ')}`,
    ],
    [
      1,
      () => `${random.pick(['top', 'bottom'])}(${numberField(random, shape)}, ${random.int(1, 4)})`,
    ],
    [0.7, () => topByTag(random, shape)],
  ])()
}

function topByTag(random: Random, shape: Shape): string {
  const keys = Object.keys(shape.tags)
  const tags = keys.length === 0 ? '' : `${ident(random.pick(keys))}, `
  const extra = random.chance(0.3) ? `, ${ident(random.pick(Object.keys(shape.fields)))}` : ''
  return `${random.pick(['top', 'bottom'])}(${numberField(random, shape)}, ${tags}${random.int(1, 3)})${extra}`
}

export function byTime(random: Random): string {
  const shape = random.pick(shapes)
  const range = rangeOf(random)
  return assemble(random, {
    fields: aggregateFields(random, shape),
    shape,
    source: sourceOf(random, shape),
    range,
    groups: [intervalOf(random, range).text, ...tagGroups(random, shape)],
    fill: fillOf(random),
    tail: tailOf(random),
  })
}

export function whole(random: Random): string {
  const shape = random.pick(shapes)
  return assemble(random, {
    fields: aggregateFields(random, shape),
    shape,
    source: sourceOf(random, shape),
    range: random.chance(0.6) ? rangeOf(random) : undefined,
    groups: tagGroups(random, shape),
    tail: tailOf(random),
  })
}

export function transform(random: Random): string {
  const shape = random.pick(shapes)
  const range = rangeOf(random)
  const isNested = random.chance(0.7)
  const one = () => {
    const field = numberField(random, shape)
    return call(
      random.pick(transforms),
      isNested ? call(random.pick(nestable), field, random) : field,
      random,
    )
  }
  const fields = random.chance(0.25)
    ? `${one()}, ${one()}`
    : random.chance(0.1)
      ? `${one()} * 2`
      : one()
  return assemble(random, {
    fields: fields + alias(random),
    shape,
    source: ident(shape.name),
    range,
    groups: [...(isNested ? [intervalOf(random, range).text] : []), ...tagGroups(random, shape)],
    fill: isNested ? fillOf(random) : '',
    tail: tailOf(random),
  })
}

export function math(random: Random): string {
  const shape = random.pick(shapes)
  const range = rangeOf(random)
  const isOfCall = random.chance(0.5)
  const argument = isOfCall
    ? call(random.pick(nestable), numberField(random, shape), random)
    : numberField(random, shape)
  const two = random.pick(['pow', 'atan2', 'log'])
  const fields = random.chance(0.2)
    ? `${two}(${argument}, 2)`
    : `${random.pick(maths)}(${argument})`
  return assemble(random, {
    fields,
    shape,
    source: ident(shape.name),
    range,
    groups: [...(isOfCall ? [intervalOf(random, range).text] : []), ...tagGroups(random, shape)],
    fill: isOfCall ? fillOf(random) : '',
    tail: tailOf(random),
  })
}

export function forecast(random: Random): string {
  const shape = random.pick(shapes)
  const range = rangeOf(random)
  const name = random.pick(['holt_winters', 'holt_winters_with_fit'])
  return assemble(random, {
    fields: `${name}(${random.pick(['mean', 'first', 'max'])}(${numberField(random, shape)}), ${random.int(1, 5)}, ${random.pick([0, 0, 2, 4])})`,
    shape,
    source: ident(shape.name),
    range,
    groups: [intervalOf(random, range).text, ...tagGroups(random, shape)],
    tail: '',
  })
}
