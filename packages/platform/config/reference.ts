import { z } from 'zod'
import { toVariable } from './environment.ts'
import type { JsonSchema } from './schema-walk.ts'

interface Row {
  /** As in the YAML file; `[]` after a list, `ownKey` for a key of one's own choice. */
  readonly path: readonly string[]
  readonly type: string
  readonly fallback: string
  readonly meaning: string
}

interface Place {
  readonly schema: JsonSchema
  readonly path: readonly string[]
  readonly required: boolean
  /** What the default of what holds it says of it. */
  readonly inherited?: unknown
  /** Of several alternatives, the one that has it. */
  readonly variant?: string | undefined
}

const ownKey = 'name'

const alternativesOf = ({ oneOf = [], anyOf = [] }: JsonSchema): JsonSchema[] =>
  [...oneOf, ...anyOf].filter(({ properties }) => properties !== undefined)

const json = (value: unknown): string => `\`${JSON.stringify(value)}\``

function rangeOf({ minimum, maximum }: JsonSchema): string {
  const from = minimum === undefined || minimum === Number.MIN_SAFE_INTEGER ? '' : String(minimum)
  const to = maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? '' : String(maximum)
  if (to !== '') return ` ${from} to ${to}`
  return from === '' ? '' : ` from ${from}`
}

function typeOf(schema: JsonSchema): string {
  if (schema.secret === true) return 'secret'
  if (schema.const !== undefined) return json(schema.const)
  if (schema.enum !== undefined) return schema.enum.map(json).join(' or ')
  if (alternativesOf(schema).length > 0) return 'object'
  if (schema.type === 'array') return `list of ${typeOf(schema.items ?? {})}s`
  return `${schema.type ?? 'any'}${rangeOf(schema)}`
}

function fallbackOf({ schema, required, inherited }: Place): string {
  if (schema.defaultText !== undefined) return schema.defaultText
  if (inherited !== undefined) return json(inherited)
  if (schema.default !== undefined) return json(schema.default)
  return required ? 'required' : ''
}

const keyOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined

const leafOf = (place: Place): Row => ({
  path: place.path,
  type: typeOf(place.schema),
  fallback: fallbackOf(place),
  meaning: [
    place.variant === undefined ? '' : `(\`${place.variant}\`)`,
    place.schema.description ?? '',
  ]
    .join(' ')
    .trim(),
})

function propertiesOf({ schema, path, inherited, variant }: Place): Row[] {
  const fallback = inherited ?? schema.default
  return Object.entries(schema.properties ?? {}).flatMap(([key, child]) =>
    rowsOf({
      schema: child,
      path: [...path, key],
      required: schema.required?.includes(key) ?? false,
      inherited: keyOf(fallback, key),
      variant,
    }),
  )
}

/** The discriminating `type` as one row, then what each alternative has. */
function alternativeRows(place: Place, variants: readonly JsonSchema[]): Row[] {
  const types = variants.map(({ properties }) => properties?.['type']?.const)
  const type: Row = leafOf({
    schema: { enum: types },
    path: [...place.path, 'type'],
    required: true,
    inherited: keyOf(place.inherited ?? place.schema.default, 'type'),
  })
  const rest = variants.flatMap((schema, index) => {
    const { type: _, ...properties } = schema.properties ?? {}
    const variant = String(types[index])
    return propertiesOf({
      schema: { ...schema, properties },
      path: place.path,
      required: false,
      variant,
    })
  })
  return [type, ...rest]
}

/** Settings one by one: objects, lists of objects and alternatives are walked into. */
function rowsOf(place: Place): Row[] {
  const { schema, path } = place
  const variants = alternativesOf(schema)
  if (variants.length > 0) return alternativeRows(place, variants)
  if (schema.properties !== undefined) return propertiesOf(place)
  const { additionalProperties, items = {} } = schema
  if (typeof additionalProperties === 'object' && Object.keys(additionalProperties).length > 0) {
    const { description } = schema
    return [
      leafOf({
        ...place,
        schema: { ...additionalProperties, description },
        path: [...path, ownKey],
      }),
    ]
  }
  const element = { schema: items, path: [...path, '[]'], required: false }
  const walked = items.properties === undefined && alternativesOf(items).length === 0
  return walked ? [leafOf(place)] : [leafOf(place), ...rowsOf(element)]
}

const cell = (text: string): string => text.replace(/\|/g, '\\|').replace(/\n/g, ' ')

function lineOf({ path, type, fallback, meaning }: Row): string {
  const inList = path.includes('[]')
  const setting = path.join('.').replaceAll('.[]', '[]')
  const variable = inList ? '' : `\`${toVariable(path)}\``
  const cells = [`\`${setting}\``, variable, type, fallback, meaning].map(cell)
  return `| ${cells.join(' | ')} |`
}

/** A table row a setting: its path in the YAML file, its variable, type, default and meaning. */
export function toReference(schema: z.ZodType): string {
  const shape = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema
  return [
    '| setting | variable | type | default | meaning |',
    '| --- | --- | --- | --- | --- |',
    ...rowsOf({ schema: shape, path: [], required: true }).map(lineOf),
  ].join('\n')
}

/** JSON Schema for editors of the YAML file: without defaults that depend on the machine. */
export function toEditorSchema(schema: z.ZodType): object {
  return z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      const { defaultText, secret } = jsonSchema as JsonSchema
      if (defaultText !== undefined) delete jsonSchema.default
      if (secret === true) jsonSchema.writeOnly = true
      delete jsonSchema['defaultText']
      delete jsonSchema['secret']
    },
  })
}
