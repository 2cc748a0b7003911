interface Difference {
  readonly query: string
  readonly ours: string
  readonly theirs: string
}

/** A class of answers in which the embedded store and InfluxDB 1.6.7 differ, known by what the query asks. */
export interface Explanation {
  readonly name: string
  readonly why: string
  readonly matches: (difference: Difference) => boolean
}

const isNested = (query: string): boolean => /FROM \(SELECT/.test(query)

/** The same rows, whatever their order. */
function hasSameRows({ ours, theirs }: Difference): boolean {
  const rowsOf = (body: string) => (body.match(/\[[^[\]]*\]/g) ?? []).sort().join()
  return rowsOf(ours) === rowsOf(theirs)
}

/** Checked in this order. */
export const explanations: readonly Explanation[] = [
  {
    name: 'later error',
    why: 'of several statements in one text the server loses the error of the first and says "not executed" in its place',
    matches: ({ query, theirs }) => query.includes('; ') && theirs.includes('"not executed"'),
  },
  {
    name: 'integral by chance',
    why: 'the server yields the last bucket of integral() after all series, in the order of a Go map: it starts the series anew for it, or leaves other columns empty',
    matches: ({ query }) => /\bintegral\(/.test(query),
  },
  {
    name: 'filled for another grouping',
    why: 'the server fills a subquery anew for every change of series among its points in the order of time, where the query around it drops its tags; we fill each series',
    matches: ({ query }) => isNested(query) && /fill\((?!null|none)[^)]*\)\)/.test(query),
  },
  {
    name: 'field named as a tag',
    why: 'the server takes a name that is both a field and a tag for the one or the other, by shard',
    matches: ({ query }) => /\bdup\b|FROM \/.*twin|FROM twin/.test(query),
  },
  {
    name: 'rows of a subquery at one time',
    why: 'which of several points of one time a subquery yields first depends on how the server happens to hold them; raw fields and functions that look at the order differ',
    matches: ({ query }) => isNested(query),
  },
  {
    name: 'forecast',
    why: 'the parameters of Holt-Winters are searched by steps that a last digit of a float sends elsewhere',
    matches: ({ query }) => /\bholt_winters/.test(query),
  },
  {
    name: 'no percentile',
    why: 'the server ends its answer at the first window with too few points for a percentile; we leave that window out, or fill it',
    matches: ({ query }) => /\bpercentile\(/.test(query),
  },
  {
    name: 'absolute integers',
    why: 'abs() of the server leaves integers below zero as they are',
    matches: ({ query }) => /\babs\(/.test(query),
  },
  {
    name: 'mean of large integers',
    why: 'the server adds up integers as floats, series by series, which drops digits beyond 2^53; we add integers',
    matches: ({ query }) => /\bmean\((steps|used|n|"a<b"|\*|\/)/.test(query),
  },
  {
    name: 'first and last of one time',
    why: 'of several series whose first or last points have one time the server takes the greatest, or the one that it met first',
    matches: ({ query }) => /\b(first|last)\(/.test(query),
  },
  {
    name: 'several measurements',
    why: 'the server types a field that one measurement lacks after another one that has it, in conditions and in fill()',
    matches: ({ query }) => /FROM (cpu, mem|\/)/.test(query),
  },
  {
    name: 'partial',
    why: 'the server marks an answer of more than 10,000 rows of a series "partial" where it has put its pieces together',
    matches: ({ ours, theirs }) => theirs.replaceAll(',"partial":true', '') === ours,
  },
  {
    name: 'same rows',
    why: 'the server merges series of one time in an order that depends on its shards; the rows are the same',
    matches: hasSameRows,
  },
]

export const explain = (difference: Difference): Explanation | undefined =>
  explanations.find(({ matches }) => matches(difference))
