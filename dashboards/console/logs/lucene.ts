const quoted = (value: string): string => `"${value.replace(/[\\"]/g, '\\$&')}"`

/** The search text with one more condition: the field has (or has not) the value. */
export function withFilter(
  text: string,
  filter: { field: string; value: string; not: boolean },
): string {
  const clause = `${filter.not ? 'NOT ' : ''}${filter.field}:${quoted(filter.value)}`
  if (text.trim() === '') return clause
  return text.includes(clause) ? text : `${/\bOR\b/.test(text) ? `(${text})` : text} AND ${clause}`
}
