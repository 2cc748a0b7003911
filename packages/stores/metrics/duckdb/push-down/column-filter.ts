/** A condition on `col` that holds for just these ids (ascending, at least one). Ids that are as far apart as each other, as those of a field are
 *  where each series has the same fields, are computed instead of looked up: a look-up a row costs as much as the rest of the aggregate. */
export function columnFilter(ids: readonly number[]): string {
  const [first = 0, second] = ids
  const last = ids.at(-1) ?? first
  if (second === undefined) return `col = ${first}`
  const step = second - first
  const isEven = ids.every((id, at) => id === first + at * step)
  if (!isEven) return `col IN (${ids.join(', ')})`
  const within = `col BETWEEN ${first} AND ${last}`
  return step === 1 ? within : `${within} AND col % ${step} = ${first % step}`
}
