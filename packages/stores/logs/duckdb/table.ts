import { wordTablesOf } from './words/tables.ts'

/** A key of a log record and the column that holds it. */
export interface TextColumn {
  readonly field: string
  readonly column: string
}

/** Exact keywords; the order is that of the columns. */
export const keywordColumns: readonly TextColumn[] = [
  { field: 'event.dataset', column: 'dataset' },
  { field: 'log.level', column: 'level' },
  { field: 'service.name', column: 'service' },
  { field: 'host.name', column: 'host' },
  { field: 'agent.id', column: 'agent' },
  { field: 'deployment', column: 'deployment' },
  { field: 'node', column: 'node' },
  { field: 'instance', column: 'instance' },
  { field: 'log.file.path', column: 'path' },
  { field: 'trace.id', column: 'trace' },
  { field: 'span.id', column: 'span' },
]

/** Of the data stream, which may differ from the record's own `event.dataset`. */
const streamColumn = 'stream'

/** Named, since left to itself DuckDB takes a dictionary or FSST, which keeps two to three times as much and costs more CPU to choose. */
const zstd = ' USING COMPRESSION zstd'

const columns = [
  'id_high UBIGINT',
  'id_low UBIGINT',
  // Nanoseconds since the epoch.
  'time BIGINT',
  `${streamColumn} VARCHAR`,
  `message VARCHAR${zstd}`,
  'severity BIGINT',
  '"offset" BIGINT',
  'observed VARCHAR',
  // A JSON object.
  `attributes VARCHAR${zstd}`,
  ...keywordColumns.map(({ column }) => `${column} VARCHAR`),
]

/** Position of a column in the table. */
export const position = {
  idHigh: 0,
  idLow: 1,
  time: 2,
  stream: 3,
  message: 4,
  severity: 5,
  offset: 6,
  observed: 7,
  attributes: 8,
  firstKeyword: 9,
} as const

/** Statements that make the tables of a day file when they are absent. No index: it would cost six times the space. */
export const tablesOf = (name: string): readonly string[] => [
  `CREATE TABLE IF NOT EXISTS ${name}.records (${columns.join(', ')})`,
  `CREATE TABLE IF NOT EXISTS ${name}.seen (kind VARCHAR, name VARCHAR)`,
  ...wordTablesOf(name),
]

export const columnNames: readonly string[] = columns.map((column) => column.split(' ')[0] ?? '')
export const columnCount = columns.length
