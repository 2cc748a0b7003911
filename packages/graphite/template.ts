/** What a dotted name says once a template has read it. */
export interface Mapped {
  readonly measurement: string
  readonly tags: Readonly<Record<string, string>>
  /** Undefined when the template names no field; the caller's usual one is `value`. */
  readonly field: string | undefined
}

/** One template: `[separator] [filter] <template> [tag=value,…]`, as Telegraf reads it:
 *  https://docs.influxdata.com/telegraf/v1/data_formats/template-patterns/ */
export interface Template {
  /** Cuts names, the filter and the template itself; `.` unless said. */
  readonly separator: string
  /** Words that a name must start with, `*` for any; undefined for the default template. */
  readonly filter: readonly string[] | undefined
  /** What each word of a name is: `measurement`, `field`, the same with `*` for "and all that follow", empty to skip it, else a tag. */
  readonly words: readonly string[]
  readonly extraTags: Readonly<Record<string, string>>
}

/** Says in one line what is wrong with a template, and which. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError'
}

interface Parts {
  readonly separator?: string | undefined
  readonly filter?: string | undefined
  readonly pattern: string
  readonly tags?: string | undefined
}

/** With three parts, a last one that holds `=` is the tags; else the first one is the separator. */
function toParts(text: string): Parts {
  const parts = text.split(/\s+/).filter((part) => part !== '')
  const last = parts.at(-1) ?? ''
  const [first = '', second = '', third = ''] = parts
  if (parts.length === 1) return { pattern: first }
  if (parts.length === 2)
    return last.includes('=') ? { pattern: first, tags: last } : { filter: first, pattern: last }
  if (parts.length === 3)
    return last.includes('=')
      ? { filter: first, pattern: second, tags: last }
      : { separator: first, filter: second, pattern: last }
  if (parts.length === 4) return { separator: first, filter: second, pattern: third, tags: last }
  throw new TemplateError(`"${text}": expected [separator] [filter] template [tag=value,…]`)
}

function parseTags(text: string): Record<string, string> {
  const tags: Record<string, string> = Object.create(null)
  for (const pair of text.split(',')) {
    const at = pair.indexOf('=')
    if (at < 1 || at === pair.length - 1)
      throw new TemplateError(`"${text}": expected tag=value,tag=value`)
    tags[pair.slice(0, at)] = pair.slice(at + 1)
  }
  return tags
}

export function parseTemplate(text: string): Template {
  const { separator = '.', filter, pattern, tags } = toParts(text)
  const words = pattern.split(separator)
  if (!words.some((word) => word === 'measurement' || word === 'measurement*'))
    throw new TemplateError(`"${text}": a template must name the measurement`)
  if (words.includes('measurement*') && words.includes('field*'))
    throw new TemplateError(`"${text}": measurement* and field* exclude each other`)
  return {
    separator,
    filter: filter?.split(separator),
    words,
    extraTags: tags === undefined ? {} : parseTags(tags),
  }
}

const isGreedy = (word: string): boolean => word === 'measurement*' || word === 'field*'

interface Read {
  readonly measurement: string[]
  readonly field: string[]
  readonly tags: Record<string, string>
}

interface Part {
  readonly word: string
  readonly part: string
  readonly joiner: string
}

function addPart({ measurement, field, tags }: Read, { word, part, joiner }: Part): void {
  if (word === 'measurement' || word === 'measurement*') measurement.push(part)
  else if (word === 'field' || word === 'field*') field.push(part)
  else if (word !== '') tags[word] = word in tags ? `${tags[word]}${joiner}${part}` : part
}

/** Reads a name that was cut to words; parts of one meaning are joined with the joiner. */
export function applyTemplate(
  { words, extraTags }: Template,
  name: readonly string[],
  joiner: string,
): Mapped {
  const tags = Object.assign(Object.create(null), extraTags)
  const read: Read = { measurement: [], field: [], tags }
  for (const [index, word] of words.entries()) {
    const part = name[index]
    if (part === undefined) break
    const text = isGreedy(word) ? name.slice(index).join(joiner) : part
    addPart(read, { word, part: text, joiner })
  }
  const field = read.field.length === 0 ? undefined : read.field.join(joiner)
  return { measurement: read.measurement.join(joiner), tags, field }
}
