import type { Json } from '../../answer.ts'
import type { SourceFilter } from '../../tree.ts'
import { matchesWildcard } from '../../wildcard.ts'

type Source = Readonly<Record<string, Json>>

/** Whether a pattern of field names covers this one: `log` covers `log.level`. */
export function matchesName(pattern: string, name: string): boolean {
  return matchesWildcard(pattern, name)
}

function covers(pattern: string, name: string): boolean {
  return matchesName(pattern, name) || matchesName(`${pattern}.*`, name)
}

/** `_source` with the paths asked for; `undefined` when none is wanted at all. */
export function filterSource(source: Source, filter: SourceFilter): Source | undefined {
  if (filter === false) return undefined
  if (filter === true) return source
  const { includes, excludes } = filter
  const wanted = (name: string) =>
    (includes.length === 0 || includes.some((pattern) => covers(pattern, name))) &&
    !excludes.some((pattern) => covers(pattern, name))
  return Object.fromEntries(Object.entries(source).flatMap((entry) => keep(entry, wanted)))
}

type Entry = readonly [string, Json]

function keep([name, value]: Entry, wanted: (name: string) => boolean): readonly Entry[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return wanted(name) ? [[name, value]] : []
  const inner = Object.entries(value).filter(([key]) => wanted(`${name}.${key}`))
  return inner.length === 0 && !wanted(name) ? [] : [[name, Object.fromEntries(inner)]]
}
