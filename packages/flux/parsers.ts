import type { Cursor } from './cursor.ts'
import type { Expr, Statement } from './tree.ts'

/** What the parts of the parser that call each other are given. */
export interface Parsers {
  readonly expression: (cursor: Cursor) => Expr
  /** With its braces. */
  readonly block: (cursor: Cursor) => readonly Statement[]
}
