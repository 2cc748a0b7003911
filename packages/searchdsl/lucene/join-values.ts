import { fieldType } from '../field-types.ts'
import type { Query, Scalar } from '../tree.ts'

/** Alternatives of which exact values of one field are a single `terms`: what a dashboard makes of a variable with hundreds of values. */
export function joinValues(alternatives: readonly Query[]): readonly Query[] {
  const byField = new Map<string, Scalar[]>()
  for (const one of alternatives) {
    const exact = exactValue(one)
    if (exact === undefined) continue
    const values = byField.get(exact.field)
    if (values === undefined) byField.set(exact.field, [exact.value])
    else values.push(exact.value)
  }
  const printed = new Set<string>()
  return alternatives.flatMap((one): readonly Query[] => {
    const field = exactValue(one)?.field
    const values = field === undefined ? [] : (byField.get(field) ?? [])
    if (field === undefined || values.length < 2) return [one]
    if (printed.has(field)) return []
    printed.add(field)
    return [{ type: 'terms', field, values }]
  })
}

/** On a keyword, and on what no record has, a word or a phrase is the whole value. */
export function exactValue(query: Query): { field: string; value: Scalar } | undefined {
  if (query.type !== 'match' && query.type !== 'match_phrase') return undefined
  const type = fieldType(query.field)
  if (type === 'text' || type === 'date' || type === 'long') return undefined
  return { field: query.field, value: query.query }
}
