/** The range of the captured dashboards: six hours from 2026-08-01T00:00:00Z. */
const startMs = 1_785_542_400_000
const stepMs = 60_000
const steps = 360

interface Kind {
  /** With its tags, escaped. */
  readonly series: readonly string[]
  readonly fields: (step: number, series: number) => string
}

/** A field of the first half hour: InfluxDB takes half a minute to fit a forecast to six hours. */
const early = (step: number): string => (step < 30 ? `,n=${(step * 7) % 11}` : '')

const hosts = ['a', 'b', 'server1', 'text', 'x\\ y']

/** Measurements, tags and fields that the captured queries name. */
const kinds: readonly Kind[] = [
  {
    series: hosts.flatMap((host, at) => [
      `cpu,host=${host},region=${at % 2 === 0 ? 'eu' : 'us'},env=prod,cpu=cpu${at},path=/api/v${at % 3}`,
    ]),
    fields: (step, at) =>
      `usage_user=${((step * 7 + at * 13) % 100) + 0.25},usage_system=${(step % 50) / 3},a=${step / 7},value=${at},state="${step % 5 === 0 ? "it's down" : 'up'}"${early(step)}`,
  },
  {
    series: ['mem,host=a,env=prod', 'mem,host=b'],
    fields: (step, at) => `used=${1000 + step * (at + 1)},free=${5000 - step},total=6000,b=${step}`,
  },
  {
    series: ['net,host=a', 'net,host=b'],
    fields: (step, at) => `bytes_recv=${step * (1000 + at)}`,
  },
  { series: ['syslog,host=a'], fields: (step) => `message="line <${step}> & more"` },
  {
    series: ['events,kind=deploy', 'events,kind=other'],
    fields: (step) => `text="release ${step}"`,
  },
  {
    series: ['dots.in.name,host=a', 'with\\ \\\\\\ backslash,host=a'],
    fields: (step) => `usage_user=${step}`,
  },
  { series: ['датчик,město=Plzeň\\ 🔥'], fields: (step) => `температура=${step / 4}` },
]

/** Lines of all points, each with more tags of the caller's: the same data with and without what Warren stamps. Every third step is missing, so that there is something to fill. */
export function linesOf(): (tags: string) => string {
  const points = kinds.flatMap(({ series, fields }) =>
    series.flatMap((name, at) =>
      Array.from({ length: steps }, (_, step) => step)
        .filter((step) => step % 3 !== 2)
        .map((step) => ({
          name,
          rest: `${fields(step, at)} ${startMs + step * stepMs}000000`,
        })),
    ),
  )
  return (tags) => points.map(({ name, rest }) => `${name}${tags} ${rest}\n`).join('')
}
