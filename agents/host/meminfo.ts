/** `/proc/meminfo` in bytes, by its own names; counts (`HugePages_…`) as they are. */
export function parseMeminfo(text: string): ReadonlyMap<string, number> {
  const values = new Map<string, number>()
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':')
    if (colon < 0) continue
    const number = Number.parseInt(line.slice(colon + 1), 10)
    values.set(line.slice(0, colon), line.endsWith(' kB') ? number * 1024 : number)
  }
  return values
}

export const percent = (part: number, whole: number): number =>
  whole > 0 ? (100 * part) / whole : 0
