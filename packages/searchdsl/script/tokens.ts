import { refused } from '../errors.ts'

export interface ScriptToken {
  readonly kind: 'number' | 'name' | 'sign' | 'end'
  readonly text: string
}

/** Numbers as painless writes decimals, dotted names, and the signs of arithmetic. Everything else, comments and texts too, is no token. */
const pattern =
  /[ \t\r\n]*(?:(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)[dDfF]?(?![\w.])|([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)|(<=|>=|==|!=|&&|\|\||[-+*/%(),?:<>!;]))[ \t\r\n]*/y

/** Throws a `SearchError` for what is no arithmetic. Ends with an `end` token. */
export function toScriptTokens(text: string): readonly ScriptToken[] {
  const tokens: ScriptToken[] = []
  for (let at = 0; at < text.length; ) {
    pattern.lastIndex = at
    const found = pattern.exec(text)
    if (found === null) {
      if (text.slice(at).trim() === '') break
      throw notArithmetic(text, text.slice(at, at + 20))
    }
    const [whole, number, name, sign] = found
    at += whole.length
    if (number !== undefined) tokens.push({ kind: 'number', text: number })
    else if (name !== undefined) tokens.push({ kind: 'name', text: name })
    else tokens.push({ kind: 'sign', text: sign ?? '' })
  }
  tokens.push({ kind: 'end', text: 'end' })
  return tokens
}

export function notArithmetic(text: string, found: string): Error {
  const shown = text.length > 200 ? `${text.slice(0, 200)}…` : text
  return refused(
    `script [${shown}] is not accepted at [${found}]: scripts are not accepted but for arithmetic of params.*, numbers, Math.* and MovingFunctions.*`,
  )
}
