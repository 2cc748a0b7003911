import { type Package, packages } from './allowed.ts'
import { FluxError, notAccepted } from './flux-error.ts'
import type { FluxScope } from './flux-scope.ts'
import { type Environment, scopeBlock } from './scope-expression.ts'
import type { Import, Program } from './tree.ts'

/** Under this name the gateway imports what it needs itself. */
const ownAlias = 'array'

/**
 * The program as its tenant may run it: each function that reads a bucket names one, as a text, and it is the tenant's; a listing of buckets is a
 * list of that one. Functions, packages and options are those of the list alone; a function is called by its own name, or is one that the
 * program defines. Throws `FluxError`.
 */
export function scopeFlux({ imports, statements }: Program, scope: FluxScope): Program {
  const known = importedBy(imports)
  const environment: Environment = {
    scope,
    packages: known,
    values: new Set(),
    callable: new Set(),
    listed: { isNeeded: false },
  }
  const scoped = scopeBlock(statements, environment, true)
  if (!environment.listed.isNeeded || known.has(ownAlias)) return { imports, statements: scoped }
  return { imports: [...imports, { path: 'array' }], statements: scoped }
}

/** The packages of a program by the names it gives them. */
function importedBy(imports: readonly Import[]): ReadonlyMap<string, Package> {
  const known = new Map<string, Package>()
  for (const { path, alias } of imports) {
    const found = packages.get(path)
    if (found === undefined) throw notAccepted(`the package ${JSON.stringify(path)}`)
    const name = alias ?? path.slice(path.lastIndexOf('/') + 1)
    if (known.has(name)) throw new FluxError(`${name} is imported twice`, 'syntax')
    if (name === ownAlias && path !== 'array') throw notAccepted(`the name ${name} for a package`)
    known.set(name, found)
  }
  return known
}
