/** Lines of JSON with their fields below each other; undefined when a line is none. */
export function prettified(text: string): string | undefined {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  if (lines.length === 0 || lines.length > 1000) return undefined
  try {
    const values = lines.map((line): unknown => JSON.parse(line))
    if (values.some((value) => typeof value !== 'object' || value === null)) return undefined
    return values.map((value) => JSON.stringify(value, null, 2)).join('\n')
  } catch {
    return undefined
  }
}
