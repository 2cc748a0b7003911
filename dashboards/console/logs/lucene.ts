const quoted = (value: string): string => `"${value.replace(/[\\"]/g, '\\$&')}"`

/** A value that a field must have, or must not. */
export interface FieldFilter {
  readonly field: string
  readonly value: string
  readonly not: boolean
}

/** The search text with one more condition: the field has (or has not) the value. */
export function withFilter(text: string, filter: FieldFilter): string {
  const clause = `${filter.not ? 'NOT ' : ''}${filter.field}:${quoted(filter.value)}`
  if (text.trim() === '') return clause
  return text.includes(clause) ? text : `${/\bOR\b/.test(text) ? `(${text})` : text} AND ${clause}`
}
