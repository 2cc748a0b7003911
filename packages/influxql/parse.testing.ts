import type { Parameters } from './parameters.ts'
import { ParseError } from './parse/error.ts'
import { parseQuery } from './parse.ts'
import { printStatement } from './print.ts'

/** What is printed, or why it is refused. */
export function outcomeOf(text: string, parameters: Parameters = {}): string {
  try {
    return parseQuery(text, { parameters }).map(printStatement).join('; ')
  } catch (error) {
    if (error instanceof ParseError) return error.detail
    throw error
  }
}
