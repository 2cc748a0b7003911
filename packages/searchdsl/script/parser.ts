import { notArithmetic, type ScriptToken } from './tokens.ts'

/** What a script may name: the values of `bucket_script`, or the window of `moving_fn`. */
export type ScriptNames =
  | { readonly kind: 'params'; readonly names: ReadonlySet<string> }
  | { readonly kind: 'window' }

export interface ScriptParser {
  readonly text: string
  readonly tokens: readonly ScriptToken[]
  readonly names: ScriptNames
  at: number
  depth: number
}

export function next(parser: ScriptParser): ScriptToken {
  return parser.tokens[parser.at] ?? { kind: 'end', text: 'end' }
}

export function unexpected(parser: ScriptParser): Error {
  return notArithmetic(parser.text, next(parser).text)
}

/** Goes past a sign if it comes next. */
export function take(parser: ScriptParser, sign: string): boolean {
  const { kind, text } = next(parser)
  if (kind !== 'sign' || text !== sign) return false
  parser.at++
  return true
}

export function expectSign(parser: ScriptParser, sign: string): void {
  if (!take(parser, sign)) throw unexpected(parser)
}

export function toFinite(parser: ScriptParser, text: string): number {
  const value = Number(text)
  if (!Number.isFinite(value)) throw notArithmetic(parser.text, text)
  return value
}
