import { isEqual, type Oracle, randomOf } from './oracle.ts'

const hourMs = 3_600_000
const calls = [
  'mean(v)',
  'count(v)',
  'max(v), min(v)',
  'last(v)',
  'first(v), count(w)',
  'sum(v), mean(w)',
  'median(v)',
  'spread(v)',
  'mode(v)',
  'percentile(v, 95)',
  'percentile(v, 10)',
  'stddev(v)',
  'mean(v) / mean(w)',
  'mean(v) * 100',
  'last(s)',
  'count(v) * 2',
  'first(s), mean(v)',
  // Not of the bucket alone.
  'derivative(mean(v), 1s)',
  'non_negative_difference(max(v))',
  'cumulative_sum(sum(v))',
  'moving_average(mean(v), 3)',
  'top(v, 2)',
  'count(distinct(v))',
  'mean(*)',
  // Beyond what a double holds.
  'max(n), first(n)',
  'sum(n), last(n)',
  'last(up), count(up)',
]
const wholes = [
  'SELECT v FROM m WHERE $t LIMIT 5',
  'SELECT last(v) FROM m WHERE $t GROUP BY h',
  'SELECT mean(c) FROM (SELECT count(v) AS c FROM m WHERE $t GROUP BY time(30s), h) WHERE $t GROUP BY time(1m)',
  'SHOW TAG VALUES FROM m WITH KEY = h',
  'SELECT last(v) FROM m WHERE time > now() - 1h; SHOW TAG KEYS',
  'SELECT top(v, 3) FROM m WHERE $t',
  // Grouped, InfluxDB itself answers it now in one layout, now in another.
  'SELECT integral(v) FROM m WHERE $t',
]
const fills = [
  '',
  ' fill(null)',
  ' fill(none)',
  ' fill(0)',
  ' fill(7)',
  ' fill(previous)',
  ' fill(linear)',
]
const endings = [
  '',
  '',
  '',
  '',
  ' ORDER BY time DESC',
  ' LIMIT 7',
  ' LIMIT 7 OFFSET 3',
  ' SLIMIT 2',
  ` tz('Europe/Paris')`,
]

type Random = () => number
const pick = <Item>(random: Random, items: readonly Item[]): Item =>
  items[Math.floor(random() * items.length)] as Item

/** Dashboards that are open: each keeps its text and the length of its range. */
function createPanel(random: Random) {
  const step = pick(random, ['10s', '30s', '1m', '7s', '1m,15s', '1m,-7s'])
  const dimensions = pick(random, ['', ', h', ', h, d'])
  const filter = pick(random, ['', `h =~ /a|b/ AND `, `h = 'c' AND `, `v > 50 AND `])
  const text =
    random() < 0.15
      ? pick(random, wholes)
      : `SELECT ${pick(random, calls)} FROM m WHERE ${filter}$t GROUP BY time(${step})${dimensions}${pick(random, fills)}${pick(random, endings)}`
  const spanMs = Math.floor(pick(random, [0.05, 0.2, 0.5, 1]) * hourMs + pick(random, [0, 3333]))
  const agoMs = random() < 0.15 ? hourMs / 2 : Math.floor(random() * 3000)
  // As raw queries are written by hand.
  const [after, before] = random() < 0.25 ? ['>', '<'] : ['>=', '<=']
  return (nowMs: number) => {
    const toMs = nowMs - agoMs
    return text.replaceAll('$t', `time ${after} ${toMs - spanMs}ms AND time ${before} ${toMs}ms`)
  }
}

/** Sums of a few thousand stay within 64 bits. */
const largest = 2n ** 54n + 1n

/** Fields of other types, which half of the points have. */
const othersOf = (random: Random): string =>
  random() < 0.5 ? `,n=${largest - BigInt(Math.floor(random() * 1000))}i,up=${random() < 0.5}` : ''

/** Points of hosts that come and go, sparse and dense, with fields that not all have. */
function pointsAt(random: Random, ms: number, round: number): string[] {
  return ['a', 'b', 'c', 'new'].flatMap((host) => {
    if ((host === 'new' && round < 10) || (host === 'c' && random() < 0.8)) return []
    const second = random() < 0.5 ? `,w=${Math.floor(random() * 3)}` : ''
    const text = random() < 0.3 ? `,s="${pick(random, ['x', 'y'])}"` : ''
    const disk = host === 'b' ? `,d=${pick(random, ['é', '1', '2'])}` : ''
    return [
      `m${disk},h=${host},tenant=default v=${(random() * 100).toFixed(2)}${second}${text}${othersOf(random)} ${ms}000000`,
    ]
  })
}

/** Writes, time passing and questions by chance; answers the first answer that is not the store's, and how the others came about. */
export async function liveByChance(
  oracle: Oracle,
  {
    seed,
    rounds,
    panels,
  }: { readonly seed: number; readonly rounds: number; readonly panels: number },
) {
  const random = randomOf(seed)
  const { clock } = oracle
  const open = Array.from({ length: panels }, () => createPanel(random))
  const states: Record<string, number> = {}
  await writeHistory(oracle, random)
  for (let round = 0; round < rounds; round += 1) {
    clock.nowMs += 5000 + Math.floor(random() * 20_000)
    await oracle.write(pointsAt(random, clock.nowMs - Math.floor(random() * 30_000), round))
    if (random() < 0.3) await writeLate(oracle, random, round)
    for (const panel of open) {
      const text = panel(clock.nowMs)
      const { answer, expected, cache = 'none' } = await oracle.ask(text)
      states[cache] = (states[cache] ?? 0) + 1
      if (!(await isEqual(answer, expected)))
        return { wrong: { text, round, seed, answer, expected }, states }
    }
  }
  return { states }
}

async function writeHistory(oracle: Oracle, random: Random): Promise<void> {
  const { nowMs } = oracle.clock
  const lines: string[] = []
  for (let ms = nowMs - 1.2 * hourMs; ms < nowMs; ms += 1000 + random() * 20_000)
    lines.push(...pointsAt(random, Math.floor(ms), 0))
  await oracle.write(lines)
}

async function writeLate(oracle: Oracle, random: Random, round: number): Promise<void> {
  const ms = oracle.clock.nowMs - Math.floor(random() * hourMs)
  const lines = pointsAt(random, ms, round)
  if (lines.length === 0) return
  await oracle.write(lines)
  oracle.announce({ measurement: pick(random, ['m', undefined]), oldestMs: ms, newestMs: ms })
}
