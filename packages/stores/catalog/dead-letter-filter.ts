import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely'
import type { DeadLetterFilter } from './dead-letter-store.ts'
import type { CatalogTables } from './tables.ts'

type Letters = ExpressionBuilder<CatalogTables, 'dead_letters'>

/** The condition of a filter, for `where`. */
export const within =
  (filter: DeadLetterFilter) =>
  (letters: Letters): Expression<SqlBool> =>
    letters.and([...kindOf(letters, filter), ...timesOf(letters, filter)])

function kindOf(letters: Letters, filter: DeadLetterFilter): Expression<SqlBool>[] {
  const { tenant, stream, code, text, replay, ids } = filter
  return [
    ...(tenant === undefined ? [] : [letters('tenant', '=', tenant)]),
    ...(stream === undefined ? [] : [letters('stream', '=', stream)]),
    ...(code === undefined ? [] : [letters('code', '=', code)]),
    ...(replay === undefined ? [] : [letters('replay', '=', replay)]),
    ...(ids === undefined ? [] : [letters('id', 'in', [...ids])]),
    ...(text === undefined
      ? []
      : [sql<boolean>`position(lower(${text}) in lower(dead_letters.reason)) > 0`]),
  ]
}

function timesOf(letters: Letters, filter: DeadLetterFilter): Expression<SqlBool>[] {
  const { firstSeenFrom, firstSeenTo, lastSeenFrom, lastSeenTo } = filter
  return (
    [
      ['first_seen', '>=', firstSeenFrom],
      ['first_seen', '<=', firstSeenTo],
      ['last_seen', '>=', lastSeenFrom],
      ['last_seen', '<=', lastSeenTo],
    ] as const
  ).flatMap(([column, operator, time]) =>
    time === undefined ? [] : [letters(column, operator, new Date(time))],
  )
}

/** Nothing but the tenant: its total says how many there are. */
export const isWhole = ({ tenant: _, ...rest }: DeadLetterFilter): boolean =>
  Object.values(rest).every((value) => value === undefined)
