import { EvaluationError } from '../../evaluation-error.ts'
import type { Binary, Call, Expr } from '../../expression.ts'
import type { SelectStatement } from '../../tree.ts'
import { isMathFunction, mathArity } from '../functions/math-functions.ts'
import { isIndicator } from '../functions/technical-analysis.ts'
import { requireArguments, requireTop } from './function-rules.ts'
import { parametricRule } from './parametric-rules.ts'

const selectors: ReadonlySet<string> = new Set([
  'max',
  'min',
  'first',
  'last',
  'percentile',
  'sample',
  'top',
  'bottom',
])
const aggregates: ReadonlySet<string> = new Set([
  'count',
  'sum',
  'mean',
  'median',
  'mode',
  'stddev',
  'spread',
  'max',
  'min',
  'first',
  'last',
])
const literals: ReadonlySet<string> = new Set([
  'number',
  'integer',
  'unsigned',
  'string',
  'boolean',
  'duration',
  'regex',
  'time',
])

/** A literal to InfluxDB, which computes functions of literals first. */
function isLiteral(expr: Expr): boolean {
  if (literals.has(expr.kind)) return true
  if (expr.kind !== 'call' || !isMathFunction(expr.name)) return false
  return expr.args.length === mathArity(expr.name) && expr.args.every(isLiteral)
}

interface FieldsState {
  calls: number
  topBottom: string | undefined
  hasDistinct: boolean
  hasReference: boolean
  onlySelectors: boolean
}

/** InfluxDB's rules for what may stand together in a SELECT clause, of which every field is reduced. Each rule throws `EvaluationError` with its text. */
export class FieldsCheck {
  readonly #limit: number
  readonly #hasInterval: boolean
  readonly #ownInterval: boolean
  readonly #fill: SelectStatement['fill']
  readonly #state: FieldsState = {
    calls: 0,
    topBottom: undefined,
    hasDistinct: false,
    hasReference: false,
    onlySelectors: true,
  }

  constructor(select: SelectStatement, interval: { readonly any: boolean; readonly own: boolean }) {
    this.#limit = select.limit
    this.#fill = select.fill
    this.#hasInterval = interval.any
    this.#ownInterval = interval.own
  }

  expression(expr: Expr, mayBeWildcard = true): void {
    switch (expr.kind) {
      case 'wildcard':
      case 'regex':
        if (!mayBeWildcard)
          throw new EvaluationError(`unable to use ${expr.kind} in a binary expression`)
        this.#state.hasReference = true
        return
      case 'reference':
        this.#state.hasReference = true
        return
      case 'distinct':
        this.#state.calls++
        this.#distinct([{ kind: 'reference', name: expr.name }], false)
        return
      case 'call':
        this.#call(expr, mayBeWildcard)
        return
      case 'paren':
        this.expression(expr.expr, mayBeWildcard)
        return
      case 'binary':
        this.#binary(expr)
        return
      case 'boolean':
      case 'duration':
      case 'integer':
      case 'number':
      case 'string':
      case 'time':
      case 'unsigned':
        throw new EvaluationError('field must contain at least one variable')
    }
  }

  /** After all fields: whether they go together. */
  together(): void {
    const { calls, topBottom, hasDistinct, hasReference, onlySelectors } = this.#state
    if (calls > 1 && topBottom !== undefined)
      throw new EvaluationError(
        `selector function ${topBottom}() cannot be combined with other functions`,
      )
    if (calls === 0) this.#withoutCalls()
    if (hasDistinct && (calls !== 1 || hasReference))
      throw new EvaluationError(
        'aggregate function distinct() cannot be combined with other functions or fields',
      )
    if (!hasReference) return
    if (!onlySelectors)
      throw new EvaluationError('mixing aggregate and non-aggregate queries is not supported')
    if (calls > 1)
      throw new EvaluationError(
        'mixing multiple selector functions with tags or fields is not supported',
      )
  }

  #withoutCalls(): void {
    const { kind } = this.#fill
    if (kind === 'none' || kind === 'linear')
      throw new EvaluationError(`fill(${kind}) must be used with a function`)
    if (this.#ownInterval)
      throw new EvaluationError('GROUP BY requires at least one aggregate function')
  }

  #binary({ left, right }: Binary): void {
    if (isLiteral(left) && isLiteral(right))
      throw new EvaluationError('cannot perform a binary expression on two literals')
    for (const side of [left, right]) if (!isLiteral(side)) this.expression(side, false)
  }

  #call(call: Call, mayBeWildcard: boolean): void {
    if (isLiteral(call)) throw new EvaluationError('field must contain at least one variable')
    if (isMathFunction(call.name)) this.#math(call, mayBeWildcard)
    else this.#function(call, mayBeWildcard)
  }

  #math(call: Call, mayBeWildcard: boolean): void {
    requireArguments(call, mathArity(call.name))
    for (const arg of call.args) if (!isLiteral(arg)) this.expression(arg, mayBeWildcard)
  }

  #function(call: Call, mayBeWildcard: boolean): void {
    this.#state.calls++
    if (!selectors.has(call.name)) this.#state.onlySelectors = false
    if (call.name === 'distinct') this.#distinct(call.args, false)
    else if (call.name === 'top' || call.name === 'bottom') this.#top(call)
    else if (aggregates.has(call.name)) this.#aggregate(call, mayBeWildcard)
    else this.#parametric(call, mayBeWildcard)
  }

  #aggregate(call: Call, mayBeWildcard: boolean): void {
    requireArguments(call, 1)
    const [argument] = call.args
    if (call.name === 'count' && argument?.kind === 'call' && argument.name === 'distinct')
      this.#distinct(argument.args, true)
    else if (call.name !== 'count' || argument?.kind !== 'distinct')
      this.#symbol(call, mayBeWildcard)
  }

  #parametric(call: Call, mayBeWildcard: boolean): void {
    const rule = parametricRule(call.name)
    if (rule === undefined) throw new EvaluationError(`undefined function ${call.name}()`)
    rule.requires(call)
    if (rule.of === 'forecast') this.#forecast(call)
    else if (rule.of === 'series') this.#nested(call, mayBeWildcard)
    else this.#symbol(call, mayBeWildcard)
  }

  #nested(call: Call, mayBeWildcard: boolean): void {
    const [argument] = call.args
    if (argument?.kind === 'call') {
      this.#inner(call, argument)
      return
    }
    if (this.#ownInterval)
      throw new EvaluationError(`aggregate function required inside the call to ${call.name}`)
    this.#symbol(call, mayBeWildcard)
  }

  #inner({ name }: Call, argument: Call): void {
    if (!this.#hasInterval)
      throw new EvaluationError(`${name} aggregate requires a GROUP BY interval`)
    const isNested = argument.name === 'distinct' && !isIndicator(name)
    if (isNested) this.#distinct(argument.args, true)
    else this.expression(argument)
  }

  #forecast(call: Call): void {
    const [argument] = call.args
    if (argument?.kind !== 'call')
      throw new EvaluationError(`must use aggregate function with ${call.name}`)
    this.#inner(call, argument)
  }

  #top(call: Call): void {
    const { topBottom } = this.#state
    if (topBottom !== undefined)
      throw new EvaluationError(
        `selector function ${topBottom}() cannot be combined with other functions`,
      )
    requireTop(call, this.#limit)
    this.#state.topBottom = call.name
    if (call.args.length > 2) this.#state.hasReference = true
  }

  #distinct(args: readonly Expr[], isNested: boolean): void {
    const [argument, ...more] = args
    if (argument === undefined)
      throw new EvaluationError('distinct function requires at least one argument')
    if (more.length > 0) throw new EvaluationError('distinct function can only have one argument')
    if (argument.kind !== 'reference')
      throw new EvaluationError('expected field argument in distinct()')
    if (!isNested) this.#state.hasDistinct = true
    this.#state.onlySelectors = false
  }

  #symbol({ name, args }: Call, mayBeWildcard: boolean): void {
    const kind = args[0]?.kind
    if (kind === 'reference') return
    if (kind !== 'wildcard' && kind !== 'regex')
      throw new EvaluationError(`expected field argument in ${name}()`)
    if (!mayBeWildcard)
      throw new EvaluationError(
        `unsupported expression with ${kind === 'regex' ? 'regex field' : kind}: ${name}()`,
      )
    this.#state.onlySelectors = false
  }
}
