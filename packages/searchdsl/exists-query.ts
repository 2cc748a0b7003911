import { fieldsBelow, fieldType } from './field-types.ts'
import type { Query } from './tree.ts'

/** Whether a record has the field; of what others lie below, as `host` of `host.name`, whether it has one of these. */
export function toExistsQuery(field: string): Query {
  const fields = fieldType(field) === undefined ? fieldsBelow(field) : []
  const [only = field, second] = fields
  if (second === undefined) return { type: 'exists', field: only }
  const should = fields.map((one) => ({ type: 'exists' as const, field: one }))
  return { type: 'bool', must: [], filter: [], should, mustNot: [] }
}
