import { type Package, packages } from '../allowed.ts'
import { childrenOf } from '../children.ts'
import type { Call, Expr, Program, Statement } from '../tree.ts'

/** What the names of a program may mean, wherever they stand. */
export interface Definitions {
  /** Everything that a name is given as its value: of more than one it is not known which. */
  readonly values: ReadonlyMap<string, readonly Expr[]>
  readonly parameters: ReadonlySet<string>
  /** Names that something reads. */
  readonly read: ReadonlySet<string>
  readonly packages: ReadonlyMap<string, Package & { readonly path: string }>
}

export function definitionsOf({ imports, statements }: Program): Definitions {
  const values = new Map<string, Expr[]>()
  const parameters = new Set<string>()
  const read = new Set<string>()
  const define = (block: readonly Statement[]): void => {
    for (const statement of block)
      if (statement.kind === 'assign')
        values.set(statement.name, [...(values.get(statement.name) ?? []), statement.value])
  }
  const note = (expr: Expr): void => {
    if (expr.kind === 'identifier') read.add(expr.name)
    if (expr.kind !== 'function') return
    for (const { name } of expr.parameters) parameters.add(name)
    if (!('kind' in expr.body)) define(expr.body)
  }
  define(statements)
  const open = statements.map(({ value }) => value)
  for (let expr = open.pop(); expr !== undefined; expr = open.pop()) {
    note(expr)
    open.push(...childrenOf(expr))
  }
  return { values, parameters, read, packages: importedBy(imports) }
}

function importedBy(imports: Program['imports']): Definitions['packages'] {
  return new Map(
    imports.flatMap(({ path, alias }) => {
      const found = packages.get(path)
      const name = alias ?? path.slice(path.lastIndexOf('/') + 1)
      return found === undefined ? [] : [[name, { ...found, path }]]
    }),
  )
}

/** What a name stands for; undefined where that depends on the place. */
export function meaningOf(
  name: string,
  { values, parameters }: Pick<Definitions, 'values' | 'parameters'>,
): Expr | undefined {
  const [value, ...others] = values.get(name) ?? []
  return others.length > 0 || parameters.has(name) ? undefined : value
}

/** Flux' own function that is called, as `range` or, of a package, `date.add`; undefined of one that the program defines, or may. */
export function builtinOf({ callee }: Call, definitions: Definitions): string | undefined {
  if (callee.kind === 'identifier') {
    const { values, parameters } = definitions
    return values.has(callee.name) || parameters.has(callee.name) ? undefined : callee.name
  }
  if (callee.kind !== 'member' || callee.of.kind !== 'identifier') return undefined
  const found = definitions.packages.get(callee.of.name)
  return found === undefined ? undefined : `${found.path}.${callee.name}`
}

export function argumentOf({ args }: Call, key: string): Expr | undefined {
  const found = args.find((arg) => arg.key === key)
  return found === undefined ? undefined : (found.value ?? { kind: 'identifier', name: key })
}
