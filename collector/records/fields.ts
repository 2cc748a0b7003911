export type FieldValue = string | number | boolean

/** A document's values by their dotted names; without those that are null. */
export type Fields = Map<string, FieldValue>

/** Elasticsearch's own bounds of a document: https://www.elastic.co/docs/reference/elasticsearch/index-settings/mapping-limit */
const maxDepth = 20
const maxFields = 1_000

/** As JSON.parse makes one: it inherits nothing that a loop over its names would meet. */
export type Members = Readonly<Record<string, unknown>>

const tooDeep = (): Error => new Error(`it is nested deeper than ${maxDepth} levels`)

/** What is no deeper can be printed without fear for the stack. Throws with the reason else. */
export function checkDepth(value: unknown, depth: number): void {
  if (typeof value !== 'object' || value === null) return
  if (depth > maxDepth) throw tooDeep()
  for (const member of Object.values(value)) checkDepth(member, depth + 1)
}

interface Place {
  readonly prefix: string
  readonly depth: number
}

function addMembers(to: Fields, members: Members, { prefix, depth }: Place): void {
  if (depth > maxDepth) throw tooDeep()
  for (const name in members) {
    const value = members[name]
    const key = `${prefix}${name}`
    if (value === null || key === '') continue
    if (Array.isArray(value)) {
      checkDepth(value, depth + 1)
      to.set(key, JSON.stringify(value))
    } else if (typeof value === 'object')
      addMembers(to, value as Members, { prefix: `${key}.`, depth: depth + 1 })
    else to.set(key, value as FieldValue)
  }
  if (to.size > maxFields) throw new Error(`it has more than ${maxFields} fields`)
}

/** Objects flattened with dots, arrays as their JSON text. Throws with the reason for what is out of bounds. */
export function toFields(document: Members): Fields {
  const fields: Fields = new Map()
  addMembers(fields, document, { prefix: '', depth: 1 })
  return fields
}
