/** The expressions of InfluxQL. Parentheses are kept, as the reference keeps them, so that printing is faithful. */

export type CastType = 'float' | 'integer' | 'unsigned' | 'string' | 'boolean' | 'field' | 'tag'

export type BinaryOperator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '&'
  | '|'
  | '^'
  | '='
  | '!='
  | '=~'
  | '!~'
  | '<'
  | '<='
  | '>'
  | '>='
  | 'AND'
  | 'OR'

/** A field, a tag or `time`. */
export interface Reference {
  readonly kind: 'reference'
  readonly name: string
  readonly type?: CastType
}

export interface NumberLiteral {
  readonly kind: 'number'
  readonly value: number
}

/** Within int64, or within uint64 when unsigned. */
export interface IntegerLiteral {
  readonly kind: 'integer' | 'unsigned'
  readonly value: bigint
}

export interface StringLiteral {
  readonly kind: 'string'
  readonly value: string
}

export interface BooleanLiteral {
  readonly kind: 'boolean'
  readonly value: boolean
}

export interface DurationLiteral {
  readonly kind: 'duration'
  readonly ns: bigint
}

/** A moment: what `now()`, or an operation on a text that is a time, is reduced to. No text is parsed to it; printed, it is a text. */
export interface TimeLiteral {
  readonly kind: 'time'
  readonly ns: bigint
  /** That of the text, for messages. */
  readonly offsetNs: bigint
}

export interface RegexLiteral {
  readonly kind: 'regex'
  /** RE2, without slashes, `\/` already a slash. */
  readonly source: string
}

export interface Wildcard {
  readonly kind: 'wildcard'
  readonly type?: 'tag' | 'field'
}

/** `DISTINCT field`; the call `distinct(field)` is a call. */
export interface Distinct {
  readonly kind: 'distinct'
  readonly name: string
}

export interface Call {
  readonly kind: 'call'
  /** Lower case. */
  readonly name: string
  readonly args: readonly Expr[]
}

export interface Binary {
  readonly kind: 'binary'
  readonly op: BinaryOperator
  readonly left: Expr
  readonly right: Expr
}

export interface Paren {
  readonly kind: 'paren'
  readonly expr: Expr
}

export type Expr =
  | Reference
  | NumberLiteral
  | IntegerLiteral
  | StringLiteral
  | BooleanLiteral
  | DurationLiteral
  | TimeLiteral
  | RegexLiteral
  | Wildcard
  | Distinct
  | Call
  | Binary
  | Paren
