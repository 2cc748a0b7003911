const words =
  `ALL ALTER ANALYZE AND ANY AS ASC BEGIN BY CARDINALITY CONTINUOUS CREATE DATABASE DATABASES DEFAULT DELETE
DESC DESTINATIONS DIAGNOSTICS DISTINCT DROP DURATION END EVERY EXACT EXPLAIN FALSE FIELD FOR FROM FUTURE GRANT GRANTS
GROUP GROUPS IN INF INSERT INTO KEY KEYS KILL LIMIT MEASUREMENT MEASUREMENTS NAME OFFSET ON OR ORDER PASSWORD PAST POLICIES
POLICY PRIVILEGES QUERIES QUERY READ REPLICATION RESAMPLE RETENTION REVOKE SELECT SERIES SET SHARD SHARDS SHOW SLIMIT
SOFFSET STATS SUBSCRIPTION SUBSCRIPTIONS TAG TO TRUE USER USERS VALUES VERBOSE WHERE WITH WRITE`.split(
    /\s+/,
  )

const keywords: ReadonlyMap<string, string> = new Map(words.map((word) => [word, word]))

/** What words turned out to be: dashboards ask with the same few hundred, and folding each anew takes longer than all else of a token. */
const known = new Map<string, string | undefined>()
const mostKnown = 5000

/** The keyword in upper case, whatever the case of the word. */
export function keywordOf(word: string): string | undefined {
  // The longest keyword has 13 letters: no need to fold a long name.
  if (word.length > 13) return undefined
  const found = known.get(word)
  if (found !== undefined || known.has(word)) return found
  const keyword = keywords.get(word.toUpperCase())
  if (known.size < mostKnown) known.set(word, keyword)
  return keyword
}
