import {
  applyTemplate,
  type Mapped,
  parseTemplate,
  type Template,
  TemplateError,
} from './template.ts'

/** Maps dotted names to measurement, tags and field. */
export interface Templates {
  /** Never throws: a name that no template reads is a measurement by itself, its separators replaced by the joiner. */
  map(name: string): Mapped
}

/** One word of the filters; the root stands before the first. */
interface Node {
  readonly words: Map<string, Node>
  template: Template | undefined
}

const createNode = (): Node => ({ words: new Map(), template: undefined })

function insert(root: Node, filter: readonly string[], template: Template): void {
  let node = root
  for (const word of filter) {
    const next = node.words.get(word) ?? createNode()
    node.words.set(word, next)
    node = next
  }
  node.template = template
}

/** The most specific filter: a word that is spelled out wins over `*` from the left; a filter may be shorter than the name, not longer. */
function find(node: Node, name: readonly string[], from: number): Template | undefined {
  const word = name[from]
  if (word === undefined || node.words.size === 0) return node.template
  const exact = node.words.get(word)
  const found = exact === undefined ? undefined : find(exact, name, from + 1)
  if (found !== undefined) return found
  const any = node.words.get('*')
  return any === undefined ? node.template : find(any, name, from + 1)
}

const byLength = (one: Template, other: Template): number => one.words.length - other.words.length

export interface TemplatesOptions {
  /** Joins words of one meaning: Telegraf's `separator`, `.` unless said. */
  readonly joiner?: string
}

/** Reads a list of templates; throws `TemplateError` for the first that is wrong. Of two with one filter the longer wins, as in Telegraf. */
export function parseTemplates(
  texts: readonly string[],
  { joiner = '.' }: TemplatesOptions = {},
): Templates {
  const templates = texts.map(parseTemplate).sort(byLength)
  const separator = templates[0]?.separator ?? '.'
  if (templates.some((template) => template.separator !== separator))
    throw new TemplateError('templates of one list must have one separator')
  const root = createNode()
  let fallback = parseTemplate('measurement*')
  for (const template of templates)
    if (template.filter === undefined) fallback = template
    else insert(root, template.filter, template)
  return {
    map: (name) => {
      const words = name.split(separator)
      const mapped = applyTemplate(find(root, words, 0) ?? fallback, words, joiner)
      return mapped.measurement === '' ? { ...mapped, measurement: name } : mapped
    },
  }
}
