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

export const layoutVersion = 1

/** Stored in `fields.kind`. A boolean's values are 0 and 1 in `numbers`. */
export const fieldKinds = { float: 0, string: 1, boolean: 2 } as const
export type FieldKind = (typeof fieldKinds)[keyof typeof fieldKinds]

/** InfluxDB's names, by kind. */
export const kindNames = ['float', 'string', 'boolean'] as const
