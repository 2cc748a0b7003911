import { type KeyValue, toText } from './attributes.ts'

/** What describes the program that sends, rather than what is measured: with a process id in it each start would make every series anew. */
const leftOut = /^(?:telemetry|process|os)\./

/** Names that are fields of a point, or tell its parts apart. */
const taken = new Set('value count sum min max bucket zero_count le quantile'.split(' '))
/** No property of an object. */
const unusable = '__proto__'

/** From the first of a run only: `_+$` alone looks at the rest of the run from each of its bars. */
const lastBars = /(?<!_)_+$/

/** A taken name gets a `_` behind it, and so does one that has some already: `value` and `value_` stay two. */
function toFreeName(name: string): string {
  if (!name.endsWith('_')) return taken.has(name) ? `${name}_` : name
  const plain = name.replace(lastBars, '')
  const isProto = name.startsWith(unusable) && unusable.startsWith(plain)
  return taken.has(plain) || isProto ? `${name}_` : name
}

/** As agents call it, so that one dashboard shows both. */
const renamed: ReadonlyMap<string, string> = new Map([['host.name', 'host']])

/** What the tag of an attribute is called. */
export const toTagName = (attribute: string): string =>
  toFreeName(renamed.get(attribute) ?? attribute)

export type Tags = Record<string, string>

function addTags(tags: Tags, attributes: readonly KeyValue[]): void {
  for (const { key = '', value } of attributes) {
    tags[toTagName(key)] = toText(value)
  }
}

/** A copy with these attributes, which win over what is there. */
export function withAttributes(tags: Tags, attributes: readonly KeyValue[] = []): Tags {
  const all: Tags = { ...tags }
  addTags(all, attributes)
  return all
}

export const resourceTags = (attributes: readonly KeyValue[] = []): Tags =>
  withAttributes(
    {},
    attributes.filter(({ key = '' }) => !leftOut.test(key)),
  )

/** Two libraries may have a metric of one name. */
export const scopeTags = (tags: Tags, name: string | undefined): Tags =>
  name === undefined || name === '' ? tags : { ...tags, 'otel.scope.name': name }
