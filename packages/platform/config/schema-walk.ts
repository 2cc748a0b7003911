/** The parts of JSON Schema 2020-12 that zod writes and that we read. */
export interface JsonSchema {
  readonly type?: string | readonly string[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly additionalProperties?: JsonSchema | boolean
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly allOf?: readonly JsonSchema[]
  readonly items?: JsonSchema
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly default?: unknown
  readonly description?: string | undefined
  readonly minimum?: number
  readonly maximum?: number
  readonly required?: readonly string[]
  /** Ours, through zod's metadata: what to say of a default that depends on the machine. */
  readonly defaultText?: string
  /** Ours: the setting is a secret. */
  readonly secret?: boolean
}

const alternatives = (schema: JsonSchema): readonly JsonSchema[] => [
  schema,
  ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])].flatMap(
    alternatives,
  ),
]

/** Of a list. */
const place = /^\d+$/

/** The schema of what lies at a path; of several alternatives the first that knows it. */
export function schemaAt(schema: JsonSchema, path: readonly string[]): JsonSchema | undefined {
  const [key, ...rest] = path
  if (key === undefined) return schema
  for (const { properties, additionalProperties, items } of alternatives(schema)) {
    const child =
      properties?.[key] ??
      (typeof additionalProperties === 'object' ? additionalProperties : undefined) ??
      (place.test(key) ? items : undefined)
    const found = child === undefined ? undefined : schemaAt(child, rest)
    if (found !== undefined) return found
  }
  return undefined
}

const ownTypes = ({ type, enum: members, const: constant }: JsonSchema): string[] => [
  ...(typeof type === 'string' ? [type] : (type ?? [])),
  ...(members ?? []).map((member) => typeof member),
  ...(constant === undefined ? [] : [typeof constant]),
]

/** Every JSON type that a value may have; of an enumeration or constant, the types of its members. */
export const typesOf = (schema: JsonSchema | undefined): Set<string> =>
  new Set(schema === undefined ? [] : alternatives(schema).flatMap(ownTypes))

/** The keys that an object at this place may have. */
export const keysOf = (schema: JsonSchema): string[] => [
  ...new Set(alternatives(schema).flatMap(({ properties }) => Object.keys(properties ?? {}))),
]
