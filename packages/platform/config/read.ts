import { readFileSync } from 'node:fs'
import type { z } from 'zod'
import {
  checkTree,
  invalid,
  isTree,
  parseTree,
  type Tree,
  toJsonSchema,
  type Wording,
} from './check.ts'
import { readEnvironment, toVariable } from './environment.ts'

export interface ConfigSources {
  /** Path of a YAML file; absent is no file. */
  readonly file?: string | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  /** Values from the command line; they win. */
  readonly flags?: Readonly<Record<string, unknown>>
}

const wording = (file: string | undefined): Wording => ({
  title:
    file === undefined
      ? 'invalid configuration'
      : `invalid configuration (${file}, and variables WARREN_…)`,
  key: 'setting',
  nameOf: (path) => `${path.join('.')} (${toVariable(path)})`,
})

function readFile(file: string): Tree {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw invalid(wording(undefined), [`${file}: ${(error as Error).message}`])
  }
  return parseTree(text, file, wording(undefined))
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

/** Reads settings: YAML file, then `WARREN_…` variables, then flags. Throws one fatal error that lists every problem with its path. */
export function readConfig<Schema extends z.ZodType>(
  schema: Schema,
  { file, env, flags = {} }: ConfigSources,
): z.output<Schema> {
  const tree = file === undefined ? {} : readFile(file)
  for (const { path, value } of readEnvironment(env, toJsonSchema(schema)))
    assign(tree, path, value)
  for (const [key, value] of Object.entries(flags))
    if (value !== undefined) assign(tree, key.split('.'), value)
  return checkTree(schema, tree, wording(file))
}
