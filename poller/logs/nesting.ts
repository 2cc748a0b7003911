/** Levels of objects and arrays in a record. Reading JSON has no bound, printing it overflows the stack at some thousands. */
export const maxNesting = 100

/** Whether a value that was read from JSON has more levels than that. */
export function isNestedTooDeep(value: unknown, levels = maxNesting): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (levels === 0) return true
  for (const member of Object.values(value)) if (isNestedTooDeep(member, levels - 1)) return true
  return false
}
