import { publicDatabase } from '@warren/contracts/names'
import type { Program } from '@warren/flux/tree'
import type { FluxDialect } from '@warren/stores/metric-flux'

const columns = [
  ['name', 'string', publicDatabase],
  ['id', 'string', ''],
  ['organizationID', 'string', ''],
  ['retentionPolicy', 'string', ''],
  ['retentionPeriod', 'long', '0'],
] as const

/** Whether a program is `buckets()` and nothing else, which is how Grafana tests a data source. */
export function listsBuckets({ imports, statements }: Program): boolean {
  const [statement] = statements
  if (statement?.kind !== 'expression' || statements.length > 1 || imports.length > 0) return false
  const { value } = statement
  if (value.kind !== 'call' || value.args.length > 0) return false
  return value.callee.kind === 'identifier' && value.callee.name === 'buckets'
}

/** The tenant's bucket as InfluxDB lists buckets: the store's own answer would name those of others. */
export function printBuckets({ annotations, header, delimiter }: FluxDialect): string {
  const row = (...cells: readonly string[]): string => `${cells.join(delimiter)}\r\n`
  const rows = {
    datatype: row('#datatype', 'string', 'long', ...columns.map(([, type]) => type)),
    group: row('#group', 'false', 'false', ...columns.map(() => 'false')),
    default: row('#default', '_result', '', ...columns.map(() => '')),
  }
  const head = header ? row('', 'result', 'table', ...columns.map(([name]) => name)) : ''
  // Without annotations there is no column for their names, and no default result.
  const first = annotations.length === 0 ? ['', '_result'] : ['', '']
  const data = row(...first, '0', ...columns.map(([, , value]) => value))
  return `${annotations.map((name) => rows[name]).join('')}${head}${data}\r\n`
}
