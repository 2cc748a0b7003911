export type AttributeValue = string | number | boolean
export type Attributes = Record<string, AttributeValue>

/** Deeper objects are kept as their JSON text. */
const maxDepth = 8

/** Adds a value under a key: objects flattened with dots, arrays as JSON text, null left out. */
export function addAttribute(
  to: Attributes,
  { key, value, depth = 0 }: { key: string; value: unknown; depth?: number },
): void {
  if (value === null || value === undefined) return
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    to[key] = value
    return
  }
  if (Array.isArray(value) || typeof value !== 'object' || depth >= maxDepth) {
    to[key] = JSON.stringify(value)
    return
  }
  for (const [name, member] of Object.entries(value))
    addAttribute(to, { key: `${key}.${name}`, value: member, depth: depth + 1 })
}

/** Without a prototype, so that a sender's `__proto__` is a key like any other. */
export const createAttributes = (): Attributes => Object.create(null)
