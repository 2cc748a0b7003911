import { reasonOf, WarrenError } from '@warren/platform/errors'
import { DatabaseError } from 'pg'

/** Class of SQLSTATE of a value that no column holds, a NUL in a text for one: https://www.postgresql.org/docs/15/errcodes-appendix.html */
const badValue = '22'

/** Classes that blame what was asked: integrity, syntax or access. */
const rejected = ['23', '42']

/** Everything else says that the server is away, busy or being stopped. */
export function toCatalogError(error: unknown): WarrenError {
  if (error instanceof WarrenError) return error
  const sqlState = error instanceof DatabaseError ? (error.code ?? '') : ''
  if (sqlState.startsWith(badValue))
    return new WarrenError(`the catalog cannot hold this value: ${reasonOf(error)}`, {
      code: 'catalog_bad_value',
      disposition: 'reject',
      cause: error,
    })
  if (rejected.includes(sqlState.slice(0, 2)))
    return new WarrenError(`the catalog refused: ${reasonOf(error)}`, {
      code: 'catalog_refused',
      disposition: 'reject',
      cause: error,
    })
  return new WarrenError(`the catalog is away: ${reasonOf(error)}`, {
    code: 'catalog_unavailable',
    disposition: 'retry',
    cause: error,
  })
}

type Methods<Repository> = {
  [Key in keyof Repository]: (...args: never[]) => Promise<unknown>
}

/** The same methods, throwing nothing but a `WarrenError`. */
export function classifyErrors<Repository extends Methods<Repository>>(
  repository: Repository,
): Repository {
  const wrapped = Object.entries<(...args: never[]) => Promise<unknown>>(repository).map(
    ([name, method]) => {
      const guarded = async (...args: never[]): Promise<unknown> => {
        try {
          return await method(...args)
        } catch (error) {
          throw toCatalogError(error)
        }
      }
      return [name, guarded] as const
    },
  )
  return Object.fromEntries(wrapped) as Repository
}
