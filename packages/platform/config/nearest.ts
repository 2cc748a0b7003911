/** Levenshtein distance with two rows. */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 0; i < a.length; i++) {
    const row = [i + 1]
    for (let j = 0; j < b.length; j++) {
      const change = (previous[j] ?? 0) + (a[i] === b[j] ? 0 : 1)
      row.push(Math.min(change, (row[j] ?? 0) + 1, (previous[j + 1] ?? 0) + 1))
    }
    previous = row
  }
  return previous[b.length] ?? 0
}

/** The known name that was probably meant, if any is near. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const near = known
    .map((candidate) => ({ candidate, far: distance(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.far - b.far)[0]
  return near !== undefined && near.far <= Math.max(2, name.length / 3) ? near.candidate : undefined
}
