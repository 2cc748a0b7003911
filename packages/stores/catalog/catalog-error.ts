import { reasonOf, WarrenError } from '@warren/platform/errors'
import { DatabaseError } from 'pg'

/** Classes of SQLSTATE that blame what was asked, https://www.postgresql.org/docs/15/errcodes-appendix.html: data, integrity, syntax or access. */
const rejected = ['22', '23', '42']

/** Everything else says that the server is away, busy or being stopped. */
export function toCatalogError(error: unknown): WarrenError {
  if (error instanceof WarrenError) return error
  const sqlState = error instanceof DatabaseError ? (error.code ?? '') : ''
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
