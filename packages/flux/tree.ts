/** The part of Flux that the gateway accepts; grammar: https://docs.influxdata.com/flux/v0/spec/ */

export interface Identifier {
  readonly kind: 'identifier'
  readonly name: string
}

export interface StringLiteral {
  readonly kind: 'string'
  readonly value: string
}

/** A number, duration, time or regex as it was written: the token has no other reading. */
export interface PlainLiteral {
  readonly kind: 'literal'
  readonly text: string
}

export interface ArrayLiteral {
  readonly kind: 'array'
  readonly items: readonly Expr[]
}

export interface Property {
  readonly key: string
  /** Absent: the value of the variable of that name. */
  readonly value?: Expr
}

export interface RecordLiteral {
  readonly kind: 'record'
  /** The record that this one extends. */
  readonly base?: string
  readonly properties: readonly Property[]
}

export interface Dictionary {
  readonly kind: 'dictionary'
  readonly entries: readonly { readonly key: Expr; readonly value: Expr }[]
}

export interface Parameter {
  readonly name: string
  /** `<-`: the input of a pipe. */
  readonly isPiped: boolean
  readonly byDefault?: Expr
}

export interface FunctionLiteral {
  readonly kind: 'function'
  readonly parameters: readonly Parameter[]
  readonly body: Expr | readonly Statement[]
}

export interface Call {
  readonly kind: 'call'
  readonly callee: Expr
  readonly args: readonly Property[]
}

export interface Member {
  readonly kind: 'member'
  readonly of: Expr
  readonly name: string
}

export interface Index {
  readonly kind: 'index'
  readonly of: Expr
  readonly at: Expr
}

export interface Binary {
  readonly kind: 'binary'
  readonly op: string
  readonly left: Expr
  readonly right: Expr
}

export interface Unary {
  readonly kind: 'unary'
  readonly op: '+' | '-' | 'not' | 'exists'
  readonly expr: Expr
}

export interface Conditional {
  readonly kind: 'conditional'
  readonly test: Expr
  readonly ifTrue: Expr
  readonly ifFalse: Expr
}

/** Kept, so that what is printed is read as what was parsed. */
export interface Paren {
  readonly kind: 'paren'
  readonly expr: Expr
}

export interface Pipe {
  readonly kind: 'pipe'
  readonly from: Expr
  readonly into: Call
}

export type Expr =
  | Identifier
  | StringLiteral
  | PlainLiteral
  | ArrayLiteral
  | RecordLiteral
  | Dictionary
  | FunctionLiteral
  | Call
  | Member
  | Index
  | Binary
  | Unary
  | Conditional
  | Paren
  | Pipe

export type Statement =
  | { readonly kind: 'option' | 'assign'; readonly name: string; readonly value: Expr }
  | { readonly kind: 'expression' | 'return'; readonly value: Expr }

export interface Import {
  readonly path: string
  readonly alias?: string
}

export interface Program {
  readonly imports: readonly Import[]
  readonly statements: readonly Statement[]
}
