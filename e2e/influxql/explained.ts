interface Difference {
  readonly query: string
  readonly ours: string
  readonly theirs: string
}

/** A class of answers in which the embedded store and InfluxDB 1.6.7 differ, known by what the query asks and by what both answer. */
export interface Explanation {
  readonly name: string
  readonly why: string
  readonly matches: (difference: Difference) => boolean
}

const rowsIn = (body: string): readonly string[] => body.match(/\[[^[\]]*\]/g) ?? []

/** The same rows, whatever their order. */
const hasSameRows = ({ ours, theirs }: Difference): boolean =>
  [...rowsIn(ours)].sort().join() === [...rowsIn(theirs)].sort().join()

/** The same but for numbers: series, times and nulls. */
const hasSameShape = ({ ours, theirs }: Difference): boolean => {
  const shapeOf = (body: string) =>
    body.replace(/,-?\d+(?:\.\d+)?(?:e[+-]\d+)?(?=[,\]])/g, ',#').replace(/-?\d+n/g, '#')
  return shapeOf(ours) === shapeOf(theirs)
}

/** The first answer's are all in the second. */
const isPartOf = (part: string, whole: string): boolean => {
  const rows = new Set(rowsIn(whole))
  return rowsIn(part).every((row) => rows.has(row))
}

const hasFewerRows = ({ ours, theirs }: Difference): boolean =>
  rowsIn(theirs).length < rowsIn(ours).length

interface Body {
  readonly results?: readonly {
    readonly series?: readonly {
      readonly columns: readonly string[]
      readonly values: readonly (readonly unknown[])[]
    }[]
  }[]
}

const seriesIn = (body: string) =>
  ((JSON.parse(body) as Body).results ?? []).flatMap(({ series = [] }) => series)

/** The columns whose values differ, where both have the same rows; else none. */
function differingColumns({ ours, theirs }: Difference): readonly string[] {
  const [own, their] = [seriesIn(ours), seriesIn(theirs)]
  const differing = new Set<string>()
  for (const [at, { columns, values }] of own.entries()) {
    const others = their[at]?.values ?? []
    if (others.length !== values.length) return []
    values.forEach((row, line) => {
      columns.forEach((column, place) => {
        if (row[place] !== others[line]?.[place]) differing.add(column)
      })
    })
  }
  return [...differing]
}

/** The text of the subquery. */
function subqueryOf(query: string): string | undefined {
  const start = query.indexOf('FROM (')
  if (start < 0) return undefined
  let depth = 0
  for (let at = start + 'FROM '.length; at < query.length; at++) {
    if (query[at] === '(') depth++
    if (query[at] === ')' && --depth === 0) return query.slice(start + 'FROM ('.length, at)
  }
  return undefined
}

/** What it yields depends on the point before. */
const orderedCall =
  /^SELECT [^"]*?\b(?:(?:non_negative_)?(?:derivative|difference)|moving_average|cumulative_sum|elapsed)\(/

const withoutSign = (body: string): string => body.replace(/,-0(?=[,\]])/g, ',0')

const isError = (body: string): boolean => body.includes('"error":')

/** Checked in this order. */
export const explanations: readonly Explanation[] = [
  {
    name: 'later error',
    why: 'of several statements in one text the server loses the error of the first and says "not executed" in its place',
    matches: ({ query, ours, theirs }) =>
      query.includes('; ') &&
      theirs.includes('"not executed"') &&
      (isError(ours) || /\bdup\b/.test(query)),
  },
  {
    name: 'integral by chance',
    why: 'the server yields the last bucket of integral() of each of several groups after all of them, in the order of a Go map: it starts the series anew for it, or leaves other columns empty',
    matches: ({ query, theirs }) => /\bintegral\(/.test(query) && theirs.includes('"tags":'),
  },
  {
    name: 'field named as a tag',
    why: 'where the shards of a range lack a field whose name is also a tag, the server takes it for the tag, also when no series of those shards has it; and in SHOW SERIES and SHOW TAG VALUES, from some starts of the server on, for the field, which every series may have',
    matches: ({ query, ours, theirs }) => {
      if (!/\bdup\b/.test(query) || isError(ours)) return false
      if (/^SHOW (SERIES|TAG VALUES)\b.* WHERE /.test(query)) return isPartOf(ours, theirs)
      return /dup::tag|\*query\.stringInterruptIterator/.test(theirs)
    },
  },
  {
    name: 'selected without buckets',
    why: 'the server yields what first(), min() and their like select in a subquery without buckets group by group, later releases and we in the order of time',
    matches: (difference) => {
      const { query } = difference
      const within = subqueryOf(query) ?? ''
      const isSelected = /^SELECT (first|last|min|max|percentile)\(/.test(within)
      if (!isSelected || /GROUP BY .*\btime\(/.test(within)) return false
      return hasSameRows(difference) || /\) .*(LIMIT|OFFSET)/.test(query) || orderedCall.test(query)
    },
  },
  {
    name: 'counted under a condition',
    why: 'EXACT CARDINALITY of the server finds nothing under some conditions that hold, of a field of any measurement among others',
    matches: ({ query, theirs }) =>
      /EXACT CARDINALITY.* WHERE /.test(query) && theirs === '{"results":[{"statement_id":0}]}\n',
  },
  {
    name: 'filled subquery',
    why: 'where fill() in a subquery begins anew, nulls and points at the start of a bucket before the range end buckets of the query around, and the whole answer, in ways that we follow in part',
    matches: ({ query }) => /FROM \(SELECT .* fill\((?!null|none)[^)]*\)\)/.test(query),
  },
  {
    name: 'bucket before the range',
    why: 'a subquery yields the bucket in which its range begins at a time before it, where the query around, of the same range and in no buckets, ends the whole answer, or only that of the groups that follow',
    matches: (difference) => {
      const { query, ours, theirs } = difference
      const within = subqueryOf(query) ?? ''
      const around = query.slice(query.indexOf(within) + within.length)
      if (!/GROUP BY .*\btime\(/.test(within) || /GROUP BY .*\btime\(/.test(around)) return false
      return /\btime >/.test(around) && hasFewerRows(difference) && isPartOf(theirs, ours)
    },
  },
  {
    name: 'forecast',
    why: 'the parameters of Holt-Winters are searched by steps that a last digit of a float sends elsewhere; the server ends its answer at the first series with too few points',
    matches: (difference) =>
      /\bholt_winters/.test(difference.query) &&
      (hasSameShape(difference) || hasFewerRows(difference)),
  },
  {
    name: 'no percentile',
    why: 'the server ends its answer at the first window with too few points for a percentile, so that other columns go on without it; we leave that window out, or fill it',
    matches: (difference) => {
      const { query, ours, theirs } = difference
      if (!/\bpercentile\(/.test(query)) return false
      if (rowsIn(theirs).length !== rowsIn(ours).length) return true
      const around = new Set([...query.matchAll(/(\w+)\(percentile\(/g)].map(([, name]) => name))
      const differing = differingColumns(difference)
      return (
        differing.length > 0 && differing.every((name) => around.has(name.replace(/_\d+$/, '')))
      )
    },
  },
  {
    name: 'mean of large integers',
    why: 'the server adds up integers as floats, series by series, which drops digits beyond 2^53; we add integers',
    matches: (difference) =>
      /\bmean\((steps|used|n|"a<b"|\*|\/)/.test(difference.query) && hasSameShape(difference),
  },
  {
    name: 'rest of a sum',
    why: 'the last digits of a sum of large floats, which depend on the order of adding up, are all that % leaves',
    matches: (difference) =>
      /\b(sum|mean)\([^)]*\) % /.test(difference.query) && hasSameShape(difference),
  },
  {
    name: 'sign of zero',
    why: 'of 0 and -0, which are equal, the server takes one or the other by the order in which it compares',
    matches: ({ ours, theirs }) => withoutSign(ours) === withoutSign(theirs),
  },
  {
    name: 'best of no numbers',
    why: 'what is no number, as the deviation of one point, is neither less nor greater to the heap of top() and bottom(), so that the order of points decides which the server finds',
    matches: ({ query }) =>
      /^SELECT (top|bottom)\(/.test(query) && /^SELECT stddev\(/.test(subqueryOf(query) ?? ''),
  },
  {
    name: 'absolute integers',
    why: 'abs() of the server leaves integers below zero as they are',
    matches: (difference) => /\babs\(/.test(difference.query) && hasSameShape(difference),
  },
]

export const explain = (difference: Difference): Explanation | undefined =>
  explanations.find(({ matches }) => matches(difference))
