/** What one fault did to the items that flowed meanwhile. */
export interface Row {
  readonly fault: string
  readonly items: number
  readonly lost: number
  readonly duplicated: number
  /** From the end of the fault until every confirmed item was stored; undefined when that did not come. */
  readonly recoveredMs: number | undefined
  /** Why the poller's counters differ from the oracle's; `equal`, or `-` where a restart forgets them or redeliveries add to them. */
  readonly counters: string
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

/** Nothing lost, nothing doubled, every recovery came, every counter that can agree does. */
export const holds = (rows: readonly Row[]): boolean =>
  rows.length > 0 &&
  rows.every(
    ({ lost, duplicated, recoveredMs, counters }) =>
      lost === 0 &&
      duplicated === 0 &&
      recoveredMs !== undefined &&
      ['equal', '-'].includes(counters),
  )

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
  const toLine = (cells: readonly string[]) =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`
  const [head = '', ...body] = lines.map(toLine)
  return [head, rule, ...body].join('\n')
}

export const toLastLine = ({ items, lost, duplicated, faults }: Totals): string =>
  `items=${items} lost=${lost} duplicated=${duplicated} faults=${faults}`
