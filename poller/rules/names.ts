import { isAny } from './glob.ts'

export interface NameRule {
  readonly deny?: readonly string[] | undefined
  readonly allow?: readonly string[] | undefined
  readonly rename?: Readonly<Record<string, string>> | undefined
}

/** Leaves out what is denied or not allowed, then gives new names. Of two that would have one name the one that has it already stays. */
export function applyNames<Value>(
  { deny, allow, rename }: NameRule,
  map: Map<string, Value>,
): void {
  for (const name of [...map.keys()])
    if (!isAny(allow, name) || (deny !== undefined && isAny(deny, name))) map.delete(name)
  for (const [from, to] of Object.entries(rename ?? {})) {
    const value = map.get(from)
    if (value === undefined) continue
    map.delete(from)
    if (!map.has(to)) map.set(to, value)
  }
}
