/** Tables of one day file. Ids are ours and start at 0 in each file; names that senders chose are only ever values.
 *  A column is one field of one series; `t` counts nanoseconds from the file's midnight (UTC). */
export const tablesOf = (database: string): string => `
CREATE TABLE ${database}.layout (version INTEGER NOT NULL);
CREATE TABLE ${database}.measurements (id INTEGER NOT NULL, name VARCHAR NOT NULL);
CREATE TABLE ${database}.fields (id INTEGER NOT NULL, measurement INTEGER NOT NULL, name VARCHAR NOT NULL, kind UTINYINT NOT NULL);
CREATE TABLE ${database}.series (id INTEGER NOT NULL, measurement INTEGER NOT NULL, key VARCHAR NOT NULL);
CREATE TABLE ${database}.columns (id INTEGER NOT NULL, series INTEGER NOT NULL, field INTEGER NOT NULL);
CREATE TABLE ${database}.numbers (col INTEGER NOT NULL, t BIGINT NOT NULL, v DOUBLE NOT NULL);
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

export const layoutVersion = 1

/** Stored in `fields.kind`. A boolean's values are 0 and 1 in `numbers`. */
export const fieldKinds = { float: 0, string: 1, boolean: 2 } as const
export type FieldKind = (typeof fieldKinds)[keyof typeof fieldKinds]

/** InfluxDB's names, by kind. */
export const kindNames = ['float', 'string', 'boolean'] as const
