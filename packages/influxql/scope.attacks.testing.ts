import type { Parameters } from './parameters.ts'
import { ParseError } from './parse/error.ts'
import { parseQuery } from './parse.ts'
import { printStatement } from './print.ts'
import { ScopeError } from './scope/error.ts'
import { scopeStatement } from './scope.ts'

/** Of whom the attacks come. */
export const scope = { database: 'warren', tenant: 'acme' }
export const guard = "tenant::tag = 'acme'"

export const scoped = (text: string, parameters: Parameters = {}): string =>
  parseQuery(text, { parameters })
    .map((statement) => printStatement(scopeStatement(statement, scope)))
    .join('; ')

/** What became of the text: how it is asked, or why it is not. */
export const refusal = (text: string, parameters: Parameters = {}): string => {
  try {
    return `accepted as ${scoped(text, parameters)}`
  } catch (error) {
    if (error instanceof ScopeError || error instanceof ParseError) return error.message
    throw error
  }
}
