import { Cursor, type FluxLimits } from './cursor.ts'
import { FluxError, notAccepted } from './flux-error.ts'
import { parsePostfix } from './parse-operand.ts'
import type { Parsers } from './parsers.ts'
import type { Expr, Import, Program, Statement } from './tree.ts'

const defaultLimits: FluxLimits = { size: 64 * 1024, depth: 100, tokens: 10_000 }

/** The loosest first; each operator takes the expressions of the next level on both sides. */
const levels: readonly (readonly string[])[] = [
  ['or'],
  ['and'],
  // Between them stand `not` and `exists`.
  ['==', '!=', '<', '<=', '>', '>=', '=~', '!~'],
  ['+', '-'],
  ['*', '/', '%'],
  ['^'],
]
const logical = 2

const parsers: Parsers = { expression: parseExpression, block: parseBlock }

function parseExpression(cursor: Cursor): Expr {
  return cursor.nested(() =>
    cursor.isNext('if') ? parseConditional(cursor) : parseLevel(cursor, 0),
  )
}

function parseConditional(cursor: Cursor): Expr {
  cursor.expect('if')
  const test = parseExpression(cursor)
  cursor.expect('then')
  const ifTrue = parseExpression(cursor)
  cursor.expect('else')
  return { kind: 'conditional', test, ifTrue, ifFalse: parseExpression(cursor) }
}

function parseLevel(cursor: Cursor, level: number): Expr {
  const operators = levels[level]
  if (operators === undefined) return parsePipe(cursor)
  if (level === logical && cursor.isNext('not', 'exists')) {
    const op = cursor.take().text as 'not' | 'exists'
    return { kind: 'unary', op, expr: cursor.nested(() => parseLevel(cursor, level)) }
  }
  let left = parseLevel(cursor, level + 1)
  while (cursor.isNext(...operators)) {
    const op = cursor.take().text
    left = { kind: 'binary', op, left, right: parseLevel(cursor, level + 1) }
  }
  return left
}

function parsePipe(cursor: Cursor): Expr {
  let from = parseSigned(cursor)
  while (cursor.accept('|>')) {
    const into = parsePostfix(cursor, parsers)
    if (into.kind !== 'call') throw cursor.unexpected('a call after |>')
    from = { kind: 'pipe', from, into }
  }
  return from
}

function parseSigned(cursor: Cursor): Expr {
  if (!cursor.isNext('-', '+')) return parsePostfix(cursor, parsers)
  const op = cursor.take().text as '-' | '+'
  return { kind: 'unary', op, expr: cursor.nested(() => parseSigned(cursor)) }
}

function parseImport(cursor: Cursor): Import {
  cursor.expect('import')
  const alias = cursor.peek().type === 'identifier' ? cursor.identifier() : undefined
  if (cursor.peek().type !== 'string') throw cursor.unexpected('the path of a package')
  const path = cursor.take().text
  return alias === undefined ? { path } : { path, alias }
}

/** One statement of a program, or of the block of a function. */
function parseStatement(cursor: Cursor): Statement {
  if (cursor.isNext('builtin', 'test', 'testcase', 'package', 'import', '@'))
    throw notAccepted(`"${cursor.peek().text}"`)
  if (cursor.accept('return')) return { kind: 'return', value: parseExpression(cursor) }
  const isOption = cursor.accept('option')
  const [first, second] = cursor.ahead(2)
  if (first?.type === 'identifier' && second?.type === 'symbol' && second.text === '=') {
    const name = cursor.identifier()
    cursor.expect('=')
    return { kind: isOption ? 'option' : 'assign', name, value: parseExpression(cursor) }
  }
  if (isOption) throw notAccepted('an option of a package')
  return { kind: 'expression', value: parseExpression(cursor) }
}

/** The statements of a block, its braces included. */
function parseBlock(cursor: Cursor): readonly Statement[] {
  cursor.expect('{')
  const statements: Statement[] = []
  while (!cursor.accept('}')) statements.push(parseStatement(cursor))
  return statements
}

/** Reads a program of the part of Flux that we have a tree for. Throws `FluxError`. */
export function parseFlux(text: string, limits: Partial<FluxLimits> = {}): Program {
  const all = { ...defaultLimits, ...limits }
  if (text.length > all.size)
    throw new FluxError(`the program is longer than ${all.size} characters`, 'syntax')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: nobody writes them, and readers differ about them.
  if (/[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/.test(text))
    throw new FluxError('the program has a control character', 'syntax')
  const cursor = new Cursor(text, all)
  const imports: Import[] = []
  while (cursor.isNext('import')) imports.push(parseImport(cursor))
  const statements: Statement[] = []
  while (cursor.peek().type !== 'end') statements.push(parseStatement(cursor))
  return { imports, statements }
}
