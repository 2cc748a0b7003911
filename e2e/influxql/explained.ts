interface Difference {
  readonly query: string
  readonly ours: string
  readonly theirs: string
}

/** A class of answers in which the embedded store and InfluxDB 1.6.7 differ, known by what the query and the answers hold. */
export interface Explanation {
  readonly name: string
  readonly why: string
  readonly matches: (difference: Difference) => boolean
}

const isNested = (query: string): boolean => /FROM \(SELECT/.test(query)

/** A body without its numbers. */
const shapeOf = (body: string): string => body.replace(/-?\d+(?:\.\d+)?(?:e[+-]\d+)?/g, '#')

/** The same rows, whatever their order. */
function hasSameRows({ ours, theirs }: Difference): boolean {
  const rowsOf = (body: string) => (body.match(/\[[^[\]]*\]/g) ?? []).sort().join()
  return rowsOf(ours) === rowsOf(theirs)
}

/** Checked in this order. */
export const explanations: readonly Explanation[] = [
  {
    name: 'integers are floats',
    why: 'the embedded store keeps every number as a float: beyond 2^53 it is rounded, a gap is filled with a fraction, and SHOW FIELD KEYS names the type',
    matches: ({ query, ours, theirs }) =>
      /SHOW FIELD KEYS/.test(query) ||
      (/\b(steps|used|n)\b|a<b|\*|\/./.test(query) && shapeOf(ours) === shapeOf(theirs)),
  },
  {
    name: 'the stamp counts',
    why: 'the tag that the poller stamps takes part in LIMIT of SHOW and in SLIMIT before the gateway strips it',
    matches: ({ query }) => /^SHOW .* (LIMIT|OFFSET)|\b(SLIMIT|SOFFSET)\b/.test(query),
  },
  {
    name: 'later error',
    why: 'of several statements in one text the server loses the error of one and says "not executed" in its place',
    matches: ({ theirs }) => theirs.includes('not executed'),
  },
  {
    name: 'same rows',
    why: 'rows of one time (or series of integral(), which walks a Go map) come in an order of chance; the rows are the same',
    matches: hasSameRows,
  },
  {
    name: 'late integral',
    why: 'the server yields the last bucket of integral() after all series, in an order of chance, and starts the series anew for it or leaves other columns empty',
    matches: ({ query }) => /\bintegral\(/.test(query),
  },
  {
    name: 'partial',
    why: 'the server marks an answer of more than 10,000 rows of a series "partial" where it has put its pieces together',
    matches: ({ ours, theirs }) => theirs.replaceAll(',"partial":true', '') === ours,
  },
  {
    name: 'series by shard',
    why: 'the server counts a series once in every shard that has it, we once',
    matches: ({ query }) => /SHOW SERIES EXACT CARDINALITY/.test(query),
  },
  {
    name: 'filled for another grouping',
    why: 'the server fills a subquery as one series when the query around it drops its tags, and so loses its gaps; we fill each series',
    matches: ({ query }) => isNested(query) && /fill\((?!null|none)[^)]*\)\)/.test(query),
  },
  {
    name: 'nested order',
    why: 'the server sorts rows of one time of a subquery with an unstable sort, and functions of the query around it take the first they meet',
    matches: ({ query }) => isNested(query),
  },
  {
    name: 'field named as a tag',
    why: 'the server takes a name that is both for the one or the other, by shard',
    matches: ({ query }) => /\bdup\b|\btwin\b|FROM \//.test(query),
  },
  {
    name: 'unstable sort',
    why: "more than twelve points are sorted by value with Go's unstable sort: mode() then takes another of several most frequent values, and percentile() another row of one value",
    matches: ({ query }) => /\b(mode|percentile)\(/.test(query),
  },
]

export const explain = (difference: Difference): Explanation | undefined =>
  explanations.find(({ matches }) => matches(difference))
