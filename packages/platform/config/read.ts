import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { z } from 'zod'
import { WarrenError } from '../errors.ts'
import { readEnvironment, toVariable } from './environment.ts'
import { nearest } from './nearest.ts'
import { type JsonSchema, keysOf, schemaAt } from './schema-walk.ts'

export interface ConfigSources {
  /** Path of a YAML file; absent is no file. */
  readonly file?: string | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  /** Values from the command line; they win. */
  readonly flags?: Readonly<Record<string, unknown>>
}

type Tree = Record<string, unknown>

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const invalid = (problems: readonly string[]): WarrenError =>
  new WarrenError(`invalid configuration\n${problems.map((line) => `  ${line}`).join('\n')}`, {
    code: 'config_invalid',
    disposition: 'fatal',
  })

function readFile(file: string): Tree {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw invalid([`${file}: ${(error as Error).message}`])
  }
  try {
    const tree: unknown = parse(text) ?? {}
    if (isTree(tree)) return tree
  } catch (error) {
    throw invalid([`${file}: ${(error as Error).message}`])
  }
  throw invalid([`${file}: expected a mapping of settings`])
}

function assign(tree: Tree, path: readonly string[], value: unknown): void {
  const [key, ...rest] = path
  if (key === undefined) return
  if (rest.length === 0) {
    tree[key] = value
    return
  }
  const child = isTree(tree[key]) ? tree[key] : {}
  tree[key] = child
  assign(child, rest, value)
}

function toProblems(issue: z.core.$ZodIssue, schema: JsonSchema): string[] {
  const path = issue.path.map(String)
  if (issue.code !== 'unrecognized_keys') {
    const at = path.length === 0 ? '' : `${path.join('.')} (${toVariable(path)}): `
    return [`${at}${issue.message}`]
  }
  const known = keysOf(schemaAt(schema, path) ?? {})
  return issue.keys.map((key) => {
    const meant = nearest(key, known)
    const full = [...path, key]
    return `${full.join('.')} (${toVariable(full)}): unknown setting${meant === undefined ? '' : `; did you mean ${[...path, meant].join('.')}?`}`
  })
}

/** Reads settings: YAML file, then `WARREN_…` variables, then flags. Throws one fatal error that lists every problem with its path. */
export function readConfig<Schema extends z.ZodType>(
  schema: Schema,
  { file, env, flags = {} }: ConfigSources,
): z.output<Schema> {
  const shape = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema
  const tree = file === undefined ? {} : readFile(file)
  for (const { path, value } of readEnvironment(env, shape)) assign(tree, path, value)
  for (const [key, value] of Object.entries(flags))
    if (value !== undefined) assign(tree, key.split('.'), value)
  const parsed = schema.safeParse(tree)
  if (parsed.success) return parsed.data
  throw invalid(parsed.error.issues.flatMap((issue) => toProblems(issue, shape)))
}
