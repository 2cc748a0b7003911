import type { Expr, Statement } from './tree.ts'

const valuesOf = (parts: readonly { readonly value?: Expr }[]): readonly Expr[] =>
  parts.flatMap(({ value }) => value ?? [])

const bodyOf = (body: Expr | readonly Statement[]): readonly Expr[] =>
  'kind' in body ? [body] : body.map(({ value }) => value)

/** The expressions that one consists of; what is written in short (`{a}`, `f(a)`) is one of them. */
export function childrenOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'identifier':
    case 'string':
    case 'literal':
      return []
    case 'array':
      return expr.items
    case 'record':
      return [...namesOf(expr.properties), ...valuesOf(expr.properties), ...named(expr.base)]
    case 'dictionary':
      return expr.entries.flatMap(({ key, value }) => [key, value])
    case 'function':
      return [...expr.parameters.flatMap(({ byDefault }) => byDefault ?? []), ...bodyOf(expr.body)]
    case 'call':
      return [expr.callee, ...namesOf(expr.args), ...valuesOf(expr.args)]
    case 'member':
      return [expr.of]
    case 'index':
      return [expr.of, expr.at]
    case 'binary':
      return [expr.left, expr.right]
    case 'unary':
    case 'paren':
      return [expr.expr]
    case 'conditional':
      return [expr.test, expr.ifTrue, expr.ifFalse]
    case 'pipe':
      return [expr.from, expr.into]
  }
}

const named = (name: string | undefined): readonly Expr[] =>
  name === undefined ? [] : [{ kind: 'identifier', name }]

const namesOf = (
  properties: readonly { readonly key: string; readonly value?: Expr }[],
): readonly Expr[] =>
  properties.flatMap(({ key, value }) => (value === undefined ? named(key) : []))
