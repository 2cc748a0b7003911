import { z } from 'zod'
import { toVariable } from './environment.ts'
import type { JsonSchema } from './schema-walk.ts'

interface Row {
  readonly path: readonly string[]
  readonly schema: JsonSchema
}

/** Settings one by one: objects are walked into, alternatives of objects side by side. */
function rowsOf(schema: JsonSchema, path: readonly string[]): Row[] {
  const variants = [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])]
  if (variants.some(({ properties }) => properties !== undefined))
    return variants.flatMap((variant) => rowsOf(variant, path))
  if (schema.properties === undefined) return [{ path, schema }]
  return Object.entries(schema.properties).flatMap(([key, child]) => rowsOf(child, [...path, key]))
}

function typeOf(schema: JsonSchema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum !== undefined)
    return schema.enum.map((member) => JSON.stringify(member)).join(' or ')
  if (schema.type === 'array') return `list of ${typeOf(schema.items ?? {})}`
  return String(schema.type ?? 'any')
}

const cell = (text: string): string => text.replace(/\|/g, '\\|').replace(/\n/g, ' ')

/** A table row a setting: its path in the YAML file, its variable, type, default and meaning. */
export function toReference(schema: z.ZodType): string {
  const shape = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema
  const merged = new Map<string, string[]>()
  for (const { path, schema: found } of rowsOf(shape, [])) {
    const key = path.join('.')
    const fallback = found.default === undefined ? '' : `\`${JSON.stringify(found.default)}\``
    const [types = '', , meaning = ''] = merged.get(key) ?? []
    merged.set(key, [
      types === '' ? typeOf(found) : `${types} or ${typeOf(found)}`,
      fallback,
      found.description ?? meaning,
      toVariable(path),
    ])
  }
  const rows = [...merged].map(
    ([key, [types = '', fallback = '', meaning = '', variable = '']]) =>
      `| \`${key}\` | \`${variable}\` | ${cell(types)} | ${cell(fallback)} | ${cell(meaning)} |`,
  )
  return [
    '| setting | variable | type | default | meaning |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n')
}
