/** Rows of a segment: those of one row group of DuckDB. */
export const rowsOfSegment = 122_880

/** Statements that make a day file's tables of words when they are absent: which records have which words, segment by segment in the order of their rows.
 *  A record is named by its rowid, which never changes: rows are only added, and go with their file. */
export const wordTablesOf = (name: string): readonly string[] => [
  // Rows from `first` to before `past`; their times, nanoseconds since the epoch.
  `CREATE TABLE IF NOT EXISTS ${name}.word_segments (first BIGINT, past BIGINT, oldest BIGINT, newest BIGINT)`,
  // Sorted by word within each segment, so that DuckDB reads little of it for one word.
  `CREATE TABLE IF NOT EXISTS ${name}.words (word BIGINT, record BIGINT)`,
  // Words that so many of a segment's records have that `words` lacks them.
  `CREATE TABLE IF NOT EXISTS ${name}.common_words (first BIGINT, word BIGINT)`,
]
