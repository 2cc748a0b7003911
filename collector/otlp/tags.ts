import { type KeyValue, toText } from './attributes.ts'

/** What describes the program that sends, rather than what is measured: with a process id in it each start would make every series anew. */
const leftOut = /^(?:telemetry|process|os)\./

/** Names that are fields of a point, or tell its parts apart (or are no property of an object); an attribute of that name gets a `_` behind it. */
const taken = new Set('value count sum min max bucket zero_count le quantile __proto__'.split(' '))

/** As agents call it, so that one dashboard shows both. */
const renamed: ReadonlyMap<string, string> = new Map([['host.name', 'host']])

export type Tags = Record<string, string>

function addTags(tags: Tags, attributes: readonly KeyValue[]): void {
  for (const { key = '', value } of attributes) {
    const name = renamed.get(key) ?? key
    tags[taken.has(name) ? `${name}_` : name] = toText(value)
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
