const integersOf = (database: string): string =>
  `CREATE TABLE ${database}.integers (col INTEGER NOT NULL, t BIGINT NOT NULL, v BIGINT NOT NULL);`

/** Tables of one day file. Ids are ours and start at 0 in each file; names that senders chose are only ever values.
 *  A column is one field of one series; `t` counts nanoseconds from the file's midnight (UTC). */
export const tablesOf = (database: string): string => `
CREATE TABLE ${database}.layout (version INTEGER NOT NULL);
CREATE TABLE ${database}.measurements (id INTEGER NOT NULL, name VARCHAR NOT NULL);
CREATE TABLE ${database}.fields (id INTEGER NOT NULL, measurement INTEGER NOT NULL, name VARCHAR NOT NULL, kind UTINYINT NOT NULL);
CREATE TABLE ${database}.series (id INTEGER NOT NULL, measurement INTEGER NOT NULL, key VARCHAR NOT NULL);
CREATE TABLE ${database}.columns (id INTEGER NOT NULL, series INTEGER NOT NULL, field INTEGER NOT NULL);
CREATE TABLE ${database}.numbers (col INTEGER NOT NULL, t BIGINT NOT NULL, v DOUBLE NOT NULL);
${integersOf(database)}
CREATE TABLE ${database}.texts (col INTEGER NOT NULL, t BIGINT NOT NULL, v VARCHAR NOT NULL);
`

/** What rollups need of a file of raw points, added to files that were made before: an id that tells it from an earlier file of the same day,
 *  and the windows that its rollups lack, at least one row each; `slot` counts windows of `width` seconds from midnight.
 *  Claimed are those being worked on: a write needs a row that is not. `since` is when a point first came, ms since the epoch. */
export const rollupTablesOf = (database: string): string => `
CREATE TABLE ${database}.origin (id VARCHAR NOT NULL);
CREATE TABLE ${database}.stale (width INTEGER NOT NULL, slot INTEGER NOT NULL, claimed UTINYINT NOT NULL, since BIGINT NOT NULL);
INSERT INTO ${database}.origin VALUES (uuid()::VARCHAR);
`

/** Sums of the windows of `numbers` that need not be read for a sum over many series (kept-sums/kept-sums.ts): `slot` counts windows of five minutes from midnight.
 *  Of a column's `points` values the exact sum is `part + rest`, NaN where two floats do not hold it. `summed` names the windows that are there. */
const sumsOf = (database: string): string => `
CREATE TABLE ${database}.sums (col INTEGER NOT NULL, slot INTEGER NOT NULL, points INTEGER NOT NULL, low DOUBLE NOT NULL, high DOUBLE NOT NULL, part DOUBLE NOT NULL, rest DOUBLE NOT NULL);
CREATE TABLE ${database}.summed (slot INTEGER NOT NULL);
`

/** All tables of a file of raw points. */
export const rawTablesOf = (database: string): string =>
  `${tablesOf(database)} ${rollupTablesOf(database)} ${sumsOf(database)}`

/** What a layout lacks that the next one has, the first one's first. */
export type LayoutSteps = readonly ((database: string) => string)[]

/** Of a file of raw points. Floats of layout 1 may be integers that senders wrote, and its fields go on to take both. */
export const rawSteps: LayoutSteps = [
  (database) => `
${integersOf(database)}
UPDATE ${database}.fields SET kind = ${fieldKinds.number} WHERE kind = ${fieldKinds.float};
`,
  sumsOf,
]

/** Of a file of rollups, which are floats. */
export const rollupSteps: LayoutSteps = [integersOf]

/** The number of the layout that this version reads. */
export const layoutAfter = (steps: LayoutSteps): number => steps.length + 1

/** Stored in `fields.kind`. A boolean's values are 0 and 1 in `numbers`, where those of a number are, too: floats, and integers that were rounded to floats. */
export const fieldKinds = { float: 0, string: 1, boolean: 2, integer: 3, number: 4 } as const
export type FieldKind = (typeof fieldKinds)[keyof typeof fieldKinds]

/** InfluxDB's names, by kind. */
export const kindNames = ['float', 'string', 'boolean', 'integer', 'float'] as const

/** Tables of values, by what they hold. */
export const valueTables = ['numbers', 'integers', 'texts'] as const
export type ValueTable = (typeof valueTables)[number]

export function tableOf(kind: FieldKind): ValueTable {
  if (kind === fieldKinds.string) return 'texts'
  return kind === fieldKinds.integer ? 'integers' : 'numbers'
}

/** Whether a field of the first kind takes a value of the second. */
export const takesKind = (field: FieldKind, value: FieldKind): boolean =>
  field === value ||
  (field === fieldKinds.number && (value === fieldKinds.float || value === fieldKinds.integer))
