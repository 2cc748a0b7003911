import { readFileSync } from 'node:fs'
import { WarrenError } from '../errors.ts'
import { type JsonSchema, schemaAt, typesOf } from './schema-walk.ts'

const prefix = 'WARREN_'

/** Read by tools, tests and commands that ask an api; never settings. */
const reserved = /^WARREN_(SHARED|TEST_.*|CONFIG|URL|TOKEN|TOKEN_FILE)$/

const toCamel = (segment: string): string =>
  segment.toLowerCase().replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())

/** `POLLER__BATCH__MAX_WAIT_MS` → `['poller', 'batch', 'maxWaitMs']`. */
export const toPath = (name: string): string[] => name.split('__').map(toCamel)

/** The variable of a path, the other way round. */
export const toVariable = (path: readonly string[]): string =>
  prefix +
  path.map((key) => key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()).join('__')

/** The text of a file that a variable `…_FILE` names. Throws `config_secret_file` (fatal). */
export function readSecretFile(variable: string, file: string): string {
  try {
    return readFileSync(file, 'utf8').trimEnd()
  } catch (error) {
    throw new WarrenError(
      `${variable}: cannot read the file it names (${(error as Error).message})`,
      {
        code: 'config_secret_file',
        disposition: 'fatal',
      },
    )
  }
}

/** Text is what the schema says it is; throws `config_invalid` (fatal) for what begins as JSON and is none. A variable whose path the schema does not know stays text and is reported as unknown later. */
function toValue(variable: string, text: string, schema: JsonSchema | undefined): unknown {
  const types = typesOf(schema)
  if (types.has('string')) return text
  if (
    (types.has('number') || types.has('integer')) &&
    text.trim() !== '' &&
    !Number.isNaN(Number(text))
  )
    return Number(text)
  if (types.has('boolean') && (text === 'true' || text === 'false')) return text === 'true'
  if (types.has('array') || types.has('object')) return parseJson(variable, text)
  return text
}

/** JSON, or a list with commas between its items. */
function parseJson(variable: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The parser's own words quote the text, which may hold a secret.
    if (/^\s*[[{]/.test(text))
      throw new WarrenError(`${variable} begins as JSON and is none`, {
        code: 'config_invalid',
        disposition: 'fatal',
      })
    return text.split(',').map((part) => part.trim())
  }
}

export interface Assignment {
  readonly variable: string
  readonly path: readonly string[]
  readonly value: unknown
}

/** The settings that variables `WARREN_…` make; `WARREN_X_FILE` takes `WARREN_X` from a file unless the schema has a key of that very name. */
export function readEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  schema: JsonSchema,
): Assignment[] {
  const assignments: Assignment[] = []
  for (const [variable, text] of Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (text === undefined || !variable.startsWith(prefix) || reserved.test(variable)) continue
    const path = toPath(variable.slice(prefix.length))
    const isFile = variable.endsWith('_FILE') && schemaAt(schema, path) === undefined
    const target = isFile ? toPath(variable.slice(prefix.length, -'_FILE'.length)) : path
    const value = isFile ? readSecretFile(variable, text) : text
    assignments.push({
      variable,
      path: target,
      value: toValue(variable, value, schemaAt(schema, target)),
    })
  }
  return assignments
}
