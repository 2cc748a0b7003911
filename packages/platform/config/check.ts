import { type Document, parseDocument, visit } from 'yaml'
import { z } from 'zod'
import { reasonOf, WarrenError } from '../errors.ts'
import { nearest } from './nearest.ts'
import { type JsonSchema, keysOf, schemaAt } from './schema-walk.ts'

export type Tree = Record<string, unknown>

export const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** How what is checked is spoken of. */
export interface Wording {
  /** Begins the error: `invalid configuration`. */
  readonly title: string
  /** What an unknown key is called. */
  readonly key: string
  readonly nameOf: (path: readonly string[]) => string
  /** Of a path alone; dots between its keys unless said. */
  readonly pathOf?: (path: readonly string[]) => string
}

/** One error (fatal) that lists every problem. */
export const invalid = ({ title }: Pick<Wording, 'title'>, problems: readonly string[]) =>
  new WarrenError(`${title}\n${problems.map((line) => `  ${line}`).join('\n')}`, {
    code: 'config_invalid',
    disposition: 'fatal',
  })

interface Mistake {
  /** Where it begins in the text. */
  readonly at: number
  readonly code: string
}

/** Unknown tags are warnings to the parser, and an alias of nothing is noticed when it is read: both are values that lack their quotes. */
function mistakeIn(document: Document): Mistake | undefined {
  const [error] = [...document.errors, ...document.warnings]
  if (error !== undefined) return { at: error.pos[0], code: error.code }
  const anchors = new Set<string>()
  let found: Mistake | undefined
  visit(document, {
    Value: (_, { anchor }) => {
      if (anchor !== undefined) anchors.add(anchor)
    },
    Alias: (_, { source, range }) => {
      if (anchors.has(source)) return undefined
      found = { at: range?.[0] ?? 0, code: 'UNRESOLVED_ALIAS' }
      return visit.BREAK
    },
  })
  return found
}

/** Where a text is no YAML. The parser's own words quote it, and the mistake may be in a password. */
function toProblem({ at, code }: Mistake, text: string): string {
  const before = text.slice(0, at).split('\n')
  const column = (before.at(-1) ?? '').length + 1
  return `line ${before.length}, column ${column}: it is no YAML (${code}); quote a value that begins or ends with a special character`
}

function parse(text: string): unknown {
  const document = parseDocument(text, { logLevel: 'silent' })
  const mistake = mistakeIn(document)
  if (mistake !== undefined) throw new Error(toProblem(mistake, text))
  try {
    return document.toJS()
  } catch {
    throw new Error('it is no YAML: its aliases make too much of it')
  }
}

/** The mapping that a YAML (or JSON) text is; nothing at all is an empty one. Throws as `invalid` does. */
export function parseTree(text: string, file: string, wording: Pick<Wording, 'title'>): Tree {
  let tree: unknown
  try {
    tree = parse(text) ?? {}
  } catch (error) {
    throw invalid(wording, [`${file}: ${reasonOf(error)}`])
  }
  if (isTree(tree)) return tree
  throw invalid(wording, [`${file}: expected a mapping`])
}

function toProblems(issue: z.core.$ZodIssue, schema: JsonSchema, wording: Wording): string[] {
  const path = issue.path.map(String)
  if (issue.code !== 'unrecognized_keys') {
    const at = path.length === 0 ? '' : `${wording.nameOf(path)}: `
    return [`${at}${issue.message}`]
  }
  const { pathOf = (keys) => keys.join('.') } = wording
  const known = keysOf(schemaAt(schema, path) ?? {})
  return issue.keys.map((key) => {
    const meant = nearest(key, known)
    const hint = meant === undefined ? '' : `; did you mean ${pathOf([...path, meant])}?`
    return `${wording.nameOf([...path, key])}: unknown ${wording.key}${hint}`
  })
}

export const toJsonSchema = (schema: z.ZodType): JsonSchema =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema

/** What the schema makes of a tree. Throws one error that lists every problem with its path. */
export function checkTree<Schema extends z.ZodType>(
  schema: Schema,
  tree: Tree,
  wording: Wording,
): z.output<Schema> {
  const parsed = schema.safeParse(tree)
  if (parsed.success) return parsed.data
  const shape = toJsonSchema(schema)
  throw invalid(
    wording,
    parsed.error.issues.flatMap((issue) => toProblems(issue, shape, wording)),
  )
}
