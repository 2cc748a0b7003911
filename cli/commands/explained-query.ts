import type { Cost } from '@warren/influxql/cost/cost-parts'
import type { Explained, ExplainedStatement } from '@warren/influxql/explain'
import { printDuration } from '@warren/influxql/time/duration'
import { toShown } from '../terminal.ts'

export interface Question {
  readonly id: string | number | null
  readonly q: string
}

/** One query, explained. */
export interface Row {
  readonly id: string | number | null
  readonly ok: boolean
  readonly error?: string
  readonly statements: readonly ExplainedStatement[]
}

/** The first error is that of the query, as a panel would show it; a refusal is one when the tenant was named. */
export function toRow(id: Row['id'], { error, statements }: Explained, isNamed: boolean): Row {
  const found =
    error ??
    statements.map((each) => (isNamed ? (each.refused ?? each.error) : each.error)).find(Boolean)
  return found === undefined
    ? { id, ok: true, statements }
    : { id, ok: false, error: found, statements }
}

/** Times are texts: JSON's numbers do not hold nanoseconds since 1970. */
const toStatement = (one: ExplainedStatement): object => ({
  type: one.type,
  text: one.text,
  scoped: one.scoped ?? null,
  ...(one.refused === undefined ? {} : { refused: one.refused }),
  ...(one.error === undefined ? {} : { error: one.error }),
  timeMinNs: one.minNs?.toString() ?? null,
  timeMaxNs: one.maxNs?.toString() ?? null,
  intervalNs: one.intervalNs === undefined ? null : Number(one.intervalNs),
  cost: one.cost === undefined ? null : toPlainCost(one.cost),
})

const toPlainCost = (cost: Cost): object => ({
  ...cost,
  rangeNs: Number(cost.rangeNs),
  intervalNs: Number(cost.intervalNs),
})

export const toJson = ({ statements, ...row }: Row): string =>
  JSON.stringify({ ...row, statements: statements.map(toStatement) })

const toDate = (ns: bigint | undefined): string => {
  if (ns === undefined) return '…'
  const date = new Date(Number(ns / 1_000_000n))
  return Number.isNaN(date.getTime()) ? `${ns} ns` : date.toISOString()
}

const count = (amount: number, what: string): string =>
  `${amount.toLocaleString('en')} ${what}${amount === 1 ? '' : 's'}`

function toCostText({ units, points, series, values, buckets, functions, regexes }: Cost): string {
  const parts = [
    `${count(points, 'value')} read from ${series.toLocaleString('en')} series`,
    `at most ${count(values, 'value')} answered`,
    count(buckets, 'window'),
    count(functions, 'function'),
    regexes === 0 ? '' : `${regexes} regex${regexes === 1 ? '' : 'es'}`,
  ]
  return `${count(units, 'unit')} (${parts.filter((part) => part !== '').join(', ')})`
}

function toLines(one: ExplainedStatement): string[] {
  const { type, text, scoped, refused, error, minNs, maxNs, intervalNs, cost } = one
  const isTimed = minNs !== undefined || maxNs !== undefined
  return [
    `${type}  ${toShown(text)}`,
    ...(error === undefined ? [] : [`  error     ${toShown(error)}`]),
    ...(refused === undefined ? [] : [`  refused   ${toShown(refused)}`]),
    ...(scoped === undefined ? [] : [`  scoped    ${toShown(scoped)}`]),
    ...(isTimed ? [`  time      ${toDate(minNs)} to ${toDate(maxNs)}`] : []),
    ...(intervalNs === undefined ? [] : [`  interval  ${printDuration(intervalNs)}`]),
    ...(cost === undefined ? [] : [`  cost      ${toCostText(cost)}`]),
  ]
}

/** For people: the name of the query when it has one, then each statement and what holds for it. */
export function toText({ id, error, statements }: Row): string {
  const lines = statements.flatMap(toLines)
  // What is wrong with a statement stands below it.
  if (error !== undefined && statements.length === 0) lines.push(`error  ${toShown(error)}`)
  if (error === undefined && statements.length === 0) lines.push('no statement')
  return (id === null ? lines : [`# ${toShown(String(id))}`, ...lines]).join('\n')
}
