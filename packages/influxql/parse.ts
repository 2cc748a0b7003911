import type { Expr } from './expression.ts'
import type { Parameters } from './parameters.ts'
import {
  parseCreateContinuousQuery,
  parseCreateSubscription,
  parseCreateUser,
} from './parse/create.ts'
import { ParseError } from './parse/error.ts'
import { parseExpression } from './parse/expression.ts'
import { takeId } from './parse/literal.ts'
import { parseAlterPolicy, parseCreateDatabase, parseCreatePolicy } from './parse/policy.ts'
import { parsePrivilegeStatement } from './parse/privilege.ts'
import { dropRules, parseDelete } from './parse/remove.ts'
import { parseExplain, parseSelect } from './parse/select.ts'
import { parseShow } from './parse/show.ts'
import { controlAt } from './tokens/control-character.ts'
import { Cursor, type ParseLimits } from './tokens/cursor.ts'
import type { Statement } from './tree.ts'

export interface ParseOptions {
  /** Bound parameters by name, without `$`. */
  readonly parameters?: Parameters
  readonly limits?: Partial<ParseLimits>
}

const defaultLimits: ParseLimits = {
  // A variable of ten thousand values, more than once.
  size: 1024 * 1024,
  regexes: 16 * 1024,
  depth: 100,
  statements: 100,
  operators: 2000,
}

type Rule = (cursor: Cursor) => Statement

const createRules: Readonly<Record<string, Rule>> = {
  CONTINUOUS: (cursor) => {
    cursor.expect('QUERY')
    return parseCreateContinuousQuery(cursor)
  },
  DATABASE: parseCreateDatabase,
  USER: parseCreateUser,
  RETENTION: (cursor) => {
    cursor.expect('POLICY')
    return parseCreatePolicy(cursor)
  },
  SUBSCRIPTION: parseCreateSubscription,
}

const rules: Readonly<Record<string, Rule>> = {
  DELETE: parseDelete,
  SHOW: parseShow,
  CREATE: (cursor) => chosen(cursor, createRules),
  DROP: (cursor) => chosen(cursor, dropRules),
  EXPLAIN: parseExplain,
  GRANT: (cursor) => parsePrivilegeStatement(cursor, 'grant'),
  REVOKE: (cursor) => parsePrivilegeStatement(cursor, 'revoke'),
  ALTER: (cursor) => {
    cursor.expect('RETENTION', 'POLICY')
    return parseAlterPolicy(cursor)
  },
  SET: (cursor) => {
    cursor.expect('PASSWORD', 'FOR')
    const name = cursor.identifier()
    cursor.expect('=')
    return { kind: 'set password', name, password: cursor.string() }
  },
  KILL: (cursor) => {
    cursor.expect('QUERY')
    const id = takeId(cursor)
    return { kind: 'kill query', id, ...(cursor.accept('ON') ? { host: cursor.identifier() } : {}) }
  },
}

function chosen(
  cursor: Cursor,
  among: Readonly<Record<string, Rule>>,
  ...also: string[]
): Statement {
  const { type, text } = cursor.peek()
  const rule = type === 'keyword' && Object.hasOwn(among, text) ? among[text] : undefined
  if (rule === undefined) throw cursor.unexpected(...also, ...Object.keys(among))
  cursor.take()
  return rule(cursor)
}

function parseStatement(cursor: Cursor): Statement {
  return cursor.isNext('SELECT') ? parseSelect(cursor) : chosen(cursor, rules, 'SELECT')
}

function openCursor(text: string, { parameters = {}, limits = {} }: ParseOptions): Cursor {
  const all = { ...defaultLimits, ...limits }
  if (text.length > all.size) throw new ParseError(`query is longer than ${all.size} characters`)
  const control = controlAt(text)
  const cursor = new Cursor(text.replace(/\r\n?/g, '\n'), all, parameters)
  if (control >= 0) throw cursor.foundControl(control)
  return cursor
}

/** The statements of a query, parted by semicolons; none is valid. Throws `ParseError`. */
export function parseQuery(text: string, options: ParseOptions = {}): Statement[] {
  const cursor = openCursor(text, options)
  const statements: Statement[] = []
  for (let mayStart = true; ; ) {
    if (cursor.peek().type === 'end') return statements
    if (cursor.accept(';')) {
      mayStart = true
      continue
    }
    if (!mayStart) throw cursor.unexpected(';')
    if (statements.length === cursor.limits.statements)
      throw new ParseError(`query has more than ${cursor.limits.statements} statements`)
    statements.push(parseStatement(cursor))
    mayStart = false
  }
}

/** The expression that the text starts with; as in the reference, what follows it is not looked at. Throws `ParseError`. */
export function parseExpressionText(text: string): Expr {
  return parseExpression(openCursor(text, {}))
}
