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

export const layoutVersion = 2

/** What a file of raw points with layout 1 lacks. Its floats may be integers that senders wrote, and its fields go on to take both. */
export const integerTablesOf = (database: string): string => `
${rollupIntegersOf(database)}
UPDATE ${database}.fields SET kind = ${fieldKinds.number} WHERE kind = ${fieldKinds.float};
`

/** The same of a file of rollups, which are floats. */
export const rollupIntegersOf = (database: string): string => `
${integersOf(database)}
UPDATE ${database}.layout SET version = ${layoutVersion};
`

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
