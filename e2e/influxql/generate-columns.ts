import type { Random } from '../random.ts'
import { ident, intervalOf, rangeOf } from './clauses.ts'
import { type Shape, shapes } from './dataset.ts'
import { call, nestable, numberField, numeric } from './functions.ts'

const integers = shapes.filter(({ fields }) => Object.values(fields).includes('integer'))
const tagged = shapes.filter(
  ({ tags, fields }) =>
    Object.keys(tags).length > 0 && Object.keys(tags).every((tag) => fields[tag] === undefined),
)

const integerField = ({ fields }: Shape): string =>
  ident(Object.entries(fields).find(([, kind]) => kind === 'integer')?.[0] ?? '')

/** What a query around makes of quotients of integers. */
export function quotient(random: Random): string {
  const shape = random.pick(integers)
  const field = integerField(shape)
  const range = rangeOf(random)
  const [tag] = Object.keys(shape.tags)
  const groups = [intervalOf(random, range).text, ...(tag === undefined ? [] : [ident(tag)])]
  const inner = random.chance(0.5)
    ? `SELECT ${field} / ${random.int(2, 9)} AS x FROM ${ident(shape.name)} WHERE ${range.text}`
    : `SELECT sum(${field}) / count(${field}) AS x FROM ${ident(shape.name)} WHERE ${range.text} GROUP BY ${groups.join(', ')} fill(none)`
  const fields = random.pick(['x', 'x * 2', call(random.pick(nestable), 'x', random)])
  return `SELECT ${fields} FROM (${inner})${random.pick(['', ` WHERE x > ${random.int(0, 9)}`])}`
}

/** Of a subquery that selects fields and a tag. */
export function columns(random: Random): string {
  const shape = random.pick(tagged)
  const tag = ident(random.pick(Object.keys(shape.tags)))
  const field = numberField(random, shape)
  const fields = random.pick([
    ...['*', '*::tag', '*::field', `${tag}::tag, ${field}`, `${tag}, nosuch`, 'nosuch'],
    ...['count(*)', 'max(*)', `count(${tag})`, `DISTINCT ${field}`, `(count(*))`, '(*)'],
  ])
  return `SELECT ${fields} FROM (SELECT ${field}, ${tag} FROM ${ident(shape.name)} WHERE ${rangeOf(random).text})`
}

/** Wildcards in parentheses. */
export function inParentheses(random: Random): string {
  const shape = random.pick(shapes)
  const range = rangeOf(random)
  const named = random.pick(['*', '/./', '/e/'])
  const fields = random.chance(0.3)
    ? `(${named})`
    : `(${call(random.pick(numeric.slice(0, 11)), named, random)})`
  return `SELECT ${fields} FROM ${ident(shape.name)} WHERE ${range.text}`
}

/** In an order of series that does not matter. */
export function twice(random: Random): string {
  const shape = random.pick(shapes)
  const range = rangeOf(random)
  const name = ident(shape.name)
  const fields = call(
    random.pick(['count', 'min', 'max', 'spread']),
    numberField(random, shape),
    random,
  )
  const group = random.chance(0.5) ? ` GROUP BY ${intervalOf(random, range).text}` : ''
  return `SELECT ${fields} FROM ${name}, ${random.pick([name, '/cpu|mem/'])} WHERE ${range.text}${group}`
}
