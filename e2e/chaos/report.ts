/** What one fault did to the items that flowed meanwhile. */
export interface Row {
  readonly fault: string
  readonly items: number
  readonly lost: number
  readonly duplicated: number
  /** From the end of the fault until every confirmed item was stored or parked; undefined when that did not come. */
  readonly recoveredMs: number | undefined
  /** What the poller's counters say of the items sent: `equal`, `at least` as many (some were delivered more often than sent), `-` where the poller that counted is gone; else how they differ. */
  readonly counters: string
  /** Why the fault could not be tried, or its items not be read. */
  readonly trouble: string | undefined
}

export interface Totals {
  readonly items: number
  readonly lost: number
  readonly duplicated: number
  readonly faults: number
}

export const totalsOf = (rows: readonly Row[]): Totals => ({
  items: rows.reduce((sum, { items }) => sum + items, 0),
  lost: rows.reduce((sum, { lost }) => sum + lost, 0),
  duplicated: rows.reduce((sum, { duplicated }) => sum + duplicated, 0),
  faults: rows.length,
})

const agreements = ['equal', 'at least', '-']

/** Nothing lost, nothing doubled, the recovery came, every counter that can agree does. */
export const rowHolds = ({ lost, duplicated, recoveredMs, counters, trouble }: Row): boolean =>
  lost === 0 &&
  duplicated === 0 &&
  recoveredMs !== undefined &&
  trouble === undefined &&
  agreements.includes(counters)

export const holds = (rows: readonly Row[]): boolean => rows.length > 0 && rows.every(rowHolds)

const secondsOf = (ms: number | undefined): string =>
  ms === undefined ? 'never' : `${(ms / 1000).toFixed(1)} s`

const cellsOf = (row: Row): readonly string[] => [
  row.fault,
  String(row.items),
  String(row.lost),
  String(row.duplicated),
  secondsOf(row.recoveredMs),
  row.counters,
]

const heads = ['fault', 'items', 'lost', 'duplicated', 'recovered in', 'counters']

/** A table for a person, in Markdown. */
export function toTable(rows: readonly Row[]): string {
  const lines = [heads, ...rows.map(cellsOf)]
  const widths = heads.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)))
  const toRow = (cells: readonly string[]) =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`
  const [head = '', ...body] = lines.map(toRow)
  return [head, rule, ...body].join('\n')
}

/** One row in words. */
export function toLine(row: Row): string {
  const { items, lost, duplicated, recoveredMs, counters, trouble } = row
  const words = `${items} items, ${lost} lost, ${duplicated} duplicated, recovered in ${secondsOf(recoveredMs)}, counters ${counters}`
  return trouble === undefined ? words : `${words}: ${trouble}`
}

export const toLastLine = ({ items, lost, duplicated, faults }: Totals): string =>
  `items=${items} lost=${lost} duplicated=${duplicated} faults=${faults}`
