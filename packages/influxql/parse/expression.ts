import type { BinaryOperator, CastType, Expr, Wildcard } from '../expression.ts'
import { precedenceOf, precedences } from '../operators.ts'
import { printName, printQuoted } from '../print/name.ts'
import type { Cursor } from '../tokens/cursor.ts'
import { isDot } from '../tokens/lexer.ts'
import { ParseError } from './error.ts'
import { takeDuration, takeInteger, takeNumber } from './literal.ts'

const castNames: ReadonlySet<string> = new Set([
  'float',
  'integer',
  'unsigned',
  'string',
  'boolean',
])

/** An expression: operands and left-associative operators. */
export function parseExpression(cursor: Cursor): Expr {
  return parseOperators(cursor, 1)
}

function parseOperators(cursor: Cursor, least: number): Expr {
  let left = parseOperand(cursor)
  for (;;) {
    const { type, text } = cursor.peek()
    const precedence = type === 'symbol' || type === 'keyword' ? precedences.get(text) : undefined
    if (precedence === undefined || precedence < least) return left
    cursor.take()
    cursor.countOperator()
    const right = text === '=~' || text === '!~' ? requireRegex(cursor) : undefined
    left = {
      kind: 'binary',
      op: text as BinaryOperator,
      left,
      right: right ?? parseOperators(cursor, precedence + 1),
    }
  }
}

function requireRegex(cursor: Cursor): Expr {
  const source = cursor.regexOfValues()
  if (source === undefined) throw cursor.unexpected('regex')
  return { kind: 'regex', source }
}

function parseOperand(cursor: Cursor): Expr {
  const token = cursor.peek()
  switch (token.type) {
    case 'identifier':
      return parseNamed(cursor)
    case 'string':
      return { kind: 'string', value: cursor.take().text }
    case 'number':
      return takeNumber(cursor)
    case 'integer':
      return takeInteger(cursor)
    case 'duration':
      return { kind: 'duration', ns: takeDuration(cursor) }
    case 'regex':
      return requireRegex(cursor)
    case 'parameter':
      throw new ParseError(
        token.text === '$'
          ? 'empty bound parameter'
          : `missing parameter: ${token.text.replace(/^\$/, '')}`,
      )
    case 'symbol':
    case 'keyword':
      return parseMarked(cursor)
    case 'blank':
    case 'comment':
    case 'end':
    case 'illegal':
      throw cursor.unexpected('identifier', 'string', 'number', 'bool')
  }
}

function parseMarked(cursor: Cursor): Expr {
  switch (cursor.peek().text) {
    case '(':
      return cursor.nested(() => parseParen(cursor))
    case 'DISTINCT':
      return parseDistinct(cursor)
    case 'TRUE':
    case 'FALSE':
      return { kind: 'boolean', value: cursor.take().text === 'TRUE' }
    case '*':
      return parseWildcard(cursor)
    case '+':
    case '-':
      return cursor.nested(() => parseSigned(cursor))
    default:
      throw cursor.unexpected('identifier', 'string', 'number', 'bool')
  }
}

function parseParen(cursor: Cursor): Expr {
  cursor.expect('(')
  const expr = parseExpression(cursor)
  cursor.expect(')')
  return { kind: 'paren', expr }
}

function parseDistinct(cursor: Cursor): Expr {
  cursor.take()
  if (cursor.isAtOnce('(')) return parseCall(cursor, 'distinct')
  if (cursor.atOnce().type !== 'blank') throw cursor.unexpectedAtOnce('(', 'identifier')
  return { kind: 'distinct', name: cursor.identifier() }
}

function parseWildcard(cursor: Cursor): Wildcard {
  cursor.take()
  if (!cursor.acceptAtOnce('::')) return { kind: 'wildcard' }
  const { type, text } = cursor.atOnce()
  const of = type === 'keyword' ? wildcardTypes.get(text) : undefined
  if (of === undefined) throw cursor.unexpectedAtOnce('field', 'tag')
  cursor.take()
  return { kind: 'wildcard', type: of }
}

const wildcardTypes: ReadonlyMap<string, 'field' | 'tag'> = new Map([
  ['FIELD', 'field'],
  ['TAG', 'tag'],
])

function parseSigned(cursor: Cursor): Expr {
  const sign = cursor.take().text === '-' ? -1n : 1n
  const { type } = cursor.peek()
  const mayFollow = type === 'identifier' || type === 'number' || type === 'integer'
  if (!mayFollow && type !== 'duration' && !cursor.isNext('('))
    throw cursor.unexpected('identifier', 'number', 'duration', '(')
  return toSigned(parseOperand(cursor), sign)
}

function toSigned(operand: Expr, sign: bigint): Expr {
  switch (operand.kind) {
    case 'number':
      return { kind: 'number', value: operand.value * Number(sign) }
    case 'integer':
      // The least int64, which only a parameter can be, is its own negative in Go.
      return { kind: 'integer', value: BigInt.asIntN(64, operand.value * sign) }
    case 'duration':
      return { kind: 'duration', ns: operand.ns * sign }
    case 'unsigned':
      if (sign > 0n) return operand
      if (operand.value === 1n << 63n) return { kind: 'integer', value: -operand.value }
      throw new ParseError(`constant -${operand.value} underflows int64`)
    case 'binary':
    case 'boolean':
    case 'call':
    case 'distinct':
    case 'paren':
    case 'reference':
    case 'regex':
    case 'string':
    case 'time':
    case 'wildcard':
      return { kind: 'binary', op: '*', left: { kind: 'integer', value: sign }, right: operand }
  }
}

/** A call when a parenthesis follows at once, else a reference. */
function parseNamed(cursor: Cursor): Expr {
  const start = cursor.peek()
  if (cursor.text[start.end] === '(') return parseCall(cursor, cursor.take().text.toLowerCase())
  const name = parseSegments(cursor).join('.')
  if (!cursor.acceptAtOnce('::')) return { kind: 'reference', name }
  return { kind: 'reference', name, type: parseCast(cursor) }
}

function parseCast(cursor: Cursor): CastType {
  const { type, text } = cursor.atOnce()
  const cast = text.toLowerCase()
  const isKeyword = type === 'keyword' && (cast === 'field' || cast === 'tag')
  if (!isKeyword && !(type === 'identifier' && castNames.has(cast))) {
    const unsigned = type === 'identifier' ? ['unsigned'] : []
    const names = ['float', 'integer', ...unsigned, 'string', 'boolean', 'field', 'tag']
    throw cursor.unexpectedAtOnce(...names)
  }
  cursor.take()
  return cast as CastType
}

function parseCall(cursor: Cursor, name: string): Expr {
  return cursor.nested(() => {
    cursor.expect('(')
    const args: Expr[] = []
    const regex = parseRegex(cursor)
    if (regex === undefined && cursor.acceptAfterBlanks(')')) return { kind: 'call', name, args }
    args.push(regex ?? parseExpression(cursor))
    while (cursor.accept(',')) args.push(parseRegex(cursor) ?? parseExpression(cursor))
    cursor.expect(')')
    return { kind: 'call', name, args }
  })
}

function parseRegex(cursor: Cursor): Expr | undefined {
  const source = cursor.regex()
  return source === undefined ? undefined : { kind: 'regex', source }
}

/** Names with dots between. A regex or `:MEASUREMENT` after the last dot is left to the caller. */
export function parseSegments(cursor: Cursor): string[] {
  const segments = [cursor.identifier()]
  while (isDot(cursor.text, cursor.followingAt())) {
    cursor.take()
    const next = cursor.following()
    if (next === '/' || next === ':') break
    segments.push(next === '.' ? '' : cursor.identifier())
  }
  if (segments.length <= 3) return segments
  throw cursor.failure(`too many segments in ${printSegments(segments)}`, 0)
}

/** As the reference names them: the last one without quotes where it needs none. */
function printSegments(segments: readonly string[]): string {
  const last = segments.length - 1
  const printed = segments.map((segment, at) => {
    if (segment === '') return at === 0 || at === last ? '""' : ''
    return at === last ? printName(segment) : printQuoted(segment)
  })
  return printed.join('.')
}

/** What a SELECT clause cannot hold: a comparison. */
export function comparisonIn(expr: Expr): BinaryOperator | undefined {
  if (expr.kind === 'paren') return comparisonIn(expr.expr)
  if (expr.kind === 'call') {
    for (const arg of expr.args) {
      const found = comparisonIn(arg)
      if (found !== undefined) return found
    }
    return undefined
  }
  if (expr.kind !== 'binary') return undefined
  if (precedenceOf(expr.op) <= 3) return expr.op
  return comparisonIn(expr.left) ?? comparisonIn(expr.right)
}
