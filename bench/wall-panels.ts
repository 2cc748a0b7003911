const hosts = 50
export const viewers = 20
export const refreshMs = 5000
export const everyMs = 10_000
const rangeMs = 6 * 3_600_000

const functions = 'mean max min last first sum count median spread stddev'.split(' ')
const seriesOfADashboard = 25

/** What one panel asks each time it refreshes. */
export interface WallPanel {
  readonly isSeries: boolean
  text(nowMs: number): string
}

const panel = (template: string, isSeries = false): WallPanel => ({
  isSeries,
  text: (nowMs) => template.replaceAll('$t', `time >= ${nowMs - rangeMs}ms AND time <= ${nowMs}ms`),
})

/** 25 charts by 30 s; of the last value, of newest points, of the highest, of a subquery, and the values of a variable. */
export function dashboardOf(number: number): readonly WallPanel[] {
  const series = Array.from({ length: seriesOfADashboard }, (_, index) => {
    const which = number * seriesOfADashboard + index
    const call = functions[Math.floor(which / hosts) % functions.length]
    return panel(
      `SELECT ${call}("usage") FROM "wall" WHERE "host" = 'host-${which % hosts}' AND $t GROUP BY time(30s) fill(null)`,
      true,
    )
  })
  const host = `"host" = 'host-${number % hosts}'`
  return [
    ...series,
    panel('SHOW TAG VALUES FROM "wall" WITH KEY = "host"'),
    panel(`SELECT last("usage") FROM "wall" WHERE ${host} AND $t`),
    panel(`SELECT "usage" FROM "wall" WHERE ${host} AND $t ORDER BY time DESC LIMIT 100`),
    panel(`SELECT top("usage", 5) FROM "wall" WHERE ${host} AND $t`),
    panel(
      `SELECT max("m") FROM (SELECT mean("usage") AS "m" FROM "wall" WHERE ${host} AND $t GROUP BY time(30s)) WHERE $t GROUP BY time(5m)`,
    ),
  ]
}

/** A point of each host. */
export const wallPointsAt = (ms: number): string[] =>
  Array.from(
    { length: hosts },
    (_, host) =>
      `wall,host=host-${host},tenant=default usage=${((ms / everyMs) * 7919 + host * 31) % 977} ${ms}000000`,
  )

/** The points before a moment that panels show then, some thousand at a time. */
export function* wallHistory(untilMs: number): Generator<readonly string[]> {
  let lines: string[] = []
  for (let ms = untilMs - rangeMs - 600_000; ms < untilMs; ms += everyMs) {
    lines.push(...wallPointsAt(ms))
    if (lines.length < 5000 && ms + everyMs < untilMs) continue
    yield lines
    lines = []
  }
}
