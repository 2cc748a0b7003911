import { constants, functions, options, type Package, selectable } from './allowed.ts'
import { FluxError, notAccepted } from './flux-error.ts'
import type { FluxScope } from './flux-scope.ts'
import { listBuckets, readBucket } from './scope-bucket.ts'
import type { Call, Expr, FunctionLiteral, Member, Property, Statement } from './tree.ts'

/** What the names of a program mean at one place of it. */
export interface Environment {
  readonly scope: FluxScope
  readonly packages: ReadonlyMap<string, Package>
  /** Variables and parameters. */
  readonly values: ReadonlySet<string>
  /** Functions that the program defines. */
  readonly callable: ReadonlySet<string>
  /** Whether a listing of buckets was made a list. */
  readonly listed: { isNeeded: boolean }
}

/** What names a source or a package may not be given another meaning, so that nobody has to follow which one it has where. */
function requireFree(name: string, { packages }: Environment): void {
  if (constants.has(name) || packages.has(name) || reading.has(name))
    throw notAccepted(`a definition of ${JSON.stringify(name)}`)
}

const reading: ReadonlySet<string> = new Set(['from', 'buckets', 'array'])

export function scopeBlock(
  statements: readonly Statement[],
  around: Environment,
  isProgram: boolean,
): readonly Statement[] {
  let environment = around
  return statements.map((statement) => {
    const { kind } = statement
    if (isProgram && kind === 'return')
      throw new FluxError('return stands outside of a function', 'syntax')
    const value = scopeExpression(statement.value, environment)
    if (kind === 'option') requireOption(statement.name, isProgram)
    if (kind === 'assign') environment = defined(statement.name, value, environment)
    return { ...statement, value }
  })
}

function requireOption(name: string, isProgram: boolean): void {
  if (!isProgram || !options.has(name)) throw notAccepted(`the option ${JSON.stringify(name)}`)
}

function defined(name: string, value: Expr, environment: Environment): Environment {
  requireFree(name, environment)
  const isFunction = value.kind === 'function'
  const callable = new Set(environment.callable)
  if (isFunction) callable.add(name)
  else callable.delete(name)
  return { ...environment, callable, values: new Set([...environment.values, name]) }
}

export function scopeExpression(expr: Expr, environment: Environment): Expr {
  const inner = (part: Expr): Expr => scopeExpression(part, environment)
  switch (expr.kind) {
    case 'string':
    case 'literal':
      return expr
    case 'identifier':
      requireValue(expr.name, environment)
      return expr
    case 'array':
      return { ...expr, items: expr.items.map(inner) }
    case 'dictionary':
      return {
        ...expr,
        entries: expr.entries.map(({ key, value }) => ({ key: inner(key), value: inner(value) })),
      }
    case 'record':
      if (expr.base !== undefined) requireValue(expr.base, environment)
      return { ...expr, properties: scopeProperties(expr.properties, environment) }
    case 'function':
      return scopeFunction(expr, environment)
    case 'call':
      return scopeCall(expr, environment)
    case 'member':
      return scopeMember(expr, environment)
    case 'index':
      return { ...expr, of: inner(expr.of), at: inner(expr.at) }
    case 'binary':
      return { ...expr, left: inner(expr.left), right: inner(expr.right) }
    case 'unary':
    case 'paren':
      return { ...expr, expr: inner(expr.expr) }
    case 'conditional':
      return {
        ...expr,
        test: inner(expr.test),
        ifTrue: inner(expr.ifTrue),
        ifFalse: inner(expr.ifFalse),
      }
    case 'pipe':
      return { ...expr, from: inner(expr.from), into: scopeCall(expr.into, environment) }
  }
}

function requireValue(name: string, { values }: Environment): void {
  if (values.has(name) || selectable.has(name) || constants.has(name)) return
  if (functions.has(name) || reading.has(name))
    throw notAccepted(`the function ${JSON.stringify(name)} as a value`)
  throw new FluxError(`undefined identifier ${JSON.stringify(name)}`, 'syntax')
}

export function scopeProperties(
  properties: readonly Property[],
  environment: Environment,
): readonly Property[] {
  return properties.map(({ key, value }) => {
    if (value !== undefined) return { key, value: scopeExpression(value, environment) }
    requireValue(key, environment)
    return { key }
  })
}

function scopeFunction(literal: FunctionLiteral, around: Environment): FunctionLiteral {
  const parameters = literal.parameters.map((parameter) => {
    const { name, byDefault } = parameter
    requireFree(name, around)
    return byDefault === undefined
      ? parameter
      : { ...parameter, byDefault: scopeExpression(byDefault, around) }
  })
  const names = parameters.map(({ name }) => name)
  const environment = {
    ...around,
    values: new Set([...around.values, ...names]),
    // What a parameter holds is not known here.
    callable: new Set([...around.callable].filter((name) => !names.includes(name))),
  }
  const { body } = literal
  return {
    ...literal,
    parameters,
    body:
      'kind' in body ? scopeExpression(body, environment) : scopeBlock(body, environment, false),
  }
}

/** A member of a package is called or is a constant; of anything else it is a value. */
function scopeMember(member: Member, environment: Environment): Member {
  const { of, name } = member
  const found = of.kind === 'identifier' ? environment.packages.get(of.name) : undefined
  if (found === undefined) return { ...member, of: scopeExpression(of, environment) }
  if (!found.constants.has(name) && !found.functions.has(name))
    throw notAccepted(`${JSON.stringify(name)} of a package`)
  return member
}

function scopeCall(call: Call, environment: Environment): Expr & Call {
  const { callee, args } = call
  if (callee.kind === 'member' && callee.of.kind === 'identifier') {
    const found = environment.packages.get(callee.of.name)
    if (found !== undefined)
      return scopePackageCall(call, { found, name: callee.name }, environment)
  }
  if (callee.kind !== 'identifier') throw notAccepted('a call of what is computed')
  const { name } = callee
  if (environment.callable.has(name)) return { ...call, args: scopeProperties(args, environment) }
  if (environment.values.has(name)) throw notAccepted(`a call of the value ${JSON.stringify(name)}`)
  if (name === 'from') return readBucket(call, environment.scope, from)
  if (name === 'buckets') {
    environment.listed.isNeeded = true
    return listBuckets(call, environment.scope)
  }
  if (!functions.has(name)) throw notAccepted(`the function ${JSON.stringify(name)}`)
  return { ...call, args: scopeProperties(args, environment) }
}

const from: ReadonlySet<string> = new Set(['bucket'])
const reader: ReadonlySet<string> = new Set([
  'bucket',
  'measurement',
  'predicate',
  'start',
  'stop',
  'tag',
])

function scopePackageCall(
  call: Call,
  { found, name }: { readonly found: Package; readonly name: string },
  environment: Environment,
): Call {
  const isReader = found.readers.has(name)
  if (!isReader && !found.functions.has(name))
    throw notAccepted(`the function ${JSON.stringify(name)} of a package`)
  const scoped = { ...call, args: scopeProperties(call.args, environment) }
  return isReader ? readBucket(scoped, environment.scope, reader) : scoped
}
