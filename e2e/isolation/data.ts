import { idOf, type TestRecord, toBatch } from '@warren/stores/logs/testing'
import type { LineBatch } from '@warren/stores/write-outcome'
import { liveMs, oldMs, points, yesterdayMs } from './times.ts'

/** Whose queries are asked, and whose data they must never feel. */
export const reader = 'alpha'
export const stranger = 'beta'

/** A tenant of several deployments, and those of one of them that a token may read. */
export const landlord = 'gamma'
export const grants: readonly string[] = ['shop']

/** In every name, value and text of the stranger that the reader does not have as well. */
export const canary = 'zzcanary'

const hosts = ['a', 'b', 'c 1']
const regions = ['eu', 'us']

function toLines(tenant: string, lines: readonly string[]): LineBatch & { tenant: string } {
  const texts = lines.map((line) => Buffer.from(`${line}\n`))
  const starts = new Uint32Array(texts.length + 1)
  texts.forEach((text, at) => {
    starts[at + 1] = (starts[at] ?? 0) + text.length
  })
  return { tenant, bytes: Buffer.concat(texts), starts }
}

const pointTimes = [...oldMs, ...yesterdayMs, ...liveMs]

/** One line a time and series; `line` gives the fields of step `at`, or nothing. */
function series(key: string, line: (at: number) => string | undefined): readonly string[] {
  return pointTimes.flatMap((ms, n) => {
    const fields = line(n % points)
    return fields === undefined ? [] : [`${key} ${fields} ${ms}000000`]
  })
}

/** All of the deployment `shop`. */
export function pointsOf(tenant: string) {
  const lines = hosts.flatMap((host, h) => {
    const escaped = host.replace(' ', '\\ ')
    const region = regions[h % 2]
    const tags = `deployment=shop,host=${escaped},region=${region},tenant=${tenant}`
    return [
      ...series(`cpu,${tags}`, (at) =>
        at % 7 === h
          ? undefined
          : `idle=${100 - at},state="s${at % 3}",up=${at % 2 === 0},usage=${at * (h + 1)}.5`,
      ),
      ...series(`mem,${tags}`, (at) => `free=${at * 1000},used=${(points - at) * 1000}`),
    ]
  })
  const odd = series(`odd\\ name,deployment=shop,host=a,tenant=${tenant}`, (at) => `value=${at}`)
  return toLines(tenant, [...lines, ...odd])
}

/** Built to collide: the same measurements and fields with other types, tags named like the reader's fields, measurements named like its tags, names of its own. */
export function strangerPoints() {
  const own = `tenant=${stranger}`
  const lines = [
    ...series(
      `cpu,host=${canary}_host,region=eu,${own}`,
      (at) => `idle="${canary}",state=${at},up=7,usage="${canary}${at}"`,
    ),
    ...series(
      `cpu,host=a,region=eu,usage=${canary},${own}`,
      (at) => `${canary}_field=${at},up=${at}`,
    ),
    ...series(
      `mem,${canary}_tag=x,free=${canary},host=a,${own}`,
      (at) => `used="${canary}",free=${at}`,
    ),
    ...series(`host,host=${canary},${own}`, (at) => `region=${at}`),
    ...series(`${canary}_measurement,host=a,${own}`, (at) => `value=${at}`),
    ...series(`odd\\ name,host=a,value=${canary},${own}`, (at) => `value="${canary}",extra=${at}`),
  ]
  return toLines(stranger, lines)
}

/** What the landlord's other deployments send, and one without a name: the same measurements, fields named like tags and tags named like fields, names and types of their own.
 *  Fields that both have have one type: a store keeps no other beside it. */
export function neighbourPoints() {
  const own = (deployment: string) => `deployment=${deployment},tenant=${landlord}`
  const lines = [
    ...series(
      `cpu,${own(`${canary}_app`)},host=${canary}_host,region=eu,usage=${canary}`,
      (at) => `idle=${at},state="${canary}",usage=${at * 1000},${canary}_field=${at}`,
    ),
    ...series(
      `cpu,${own('web')},rack=${canary}`,
      (at) => `host="a",region="${canary}${at}",deployment="shop",up=true`,
    ),
    ...series(
      `mem,${own('web')},${canary}_tag=x,free=${canary},host=a`,
      (at) => `used=7,usage="${canary}",state=${at},up=${at},idle="a"`,
    ),
    ...series(`cpu,host=a,region=eu,tenant=${landlord}`, (at) => `usage=${at}`),
    ...series(`host,${own('web')},host=${canary}`, (at) => `region=${at},usage="${canary}"`),
    ...series(`${canary}_measurement,${own('web')},host=a`, (at) => `value=${at}`),
    ...series(`odd\\ name,${own('web')},value=${canary}`, (at) => `extra="${canary}${at}"`),
  ]
  return toLines(landlord, lines)
}

const levels = ['info', 'warn', 'error']
const datasets = ['nginx', 'shop']

const recordTimes = [...yesterdayMs, ...liveMs.filter((_, at) => at % 3 === 0)]

function recordAt(ms: number, at: number): TestRecord {
  return {
    id: idOf(`record ${at}`),
    '@timestamp': new Date(ms).toISOString(),
    message: `request ${at} of /index.html took ${at * 7} ms ${at % 5 === 0 ? 'and failed' : 'well'}`,
    'log.level': levels[at % 3],
    severity_number: 9 + (at % 3) * 4,
    'service.name': `service ${at % 4}`,
    'host.name': hosts[at % 3],
    'event.dataset': datasets[at % 2],
    deployment: 'shop',
    attributes: { path: `/p${at % 6}`, code: String(200 + (at % 5)) },
  } as TestRecord
}

/** All of the deployment `shop`. */
export const recordsOf = (tenant: string) => toBatch(tenant, recordTimes.map(recordAt))

const otherRecords = (idAt: (at: number) => string, own: object): readonly TestRecord[] =>
  [...recordTimes, ...recordTimes].map(
    (ms, at): TestRecord =>
      ({
        ...recordAt(ms, at % recordTimes.length),
        id: idOf(idAt(at)),
        message: `request ${canary} took ${at} ms and failed`,
        'log.level': at % 2 === 0 ? 'error' : canary,
        'host.name': at % 2 === 0 ? 'a' : canary,
        'service.name': canary,
        'event.dataset': at % 3 === 0 ? canary : datasets[at % 2],
        attributes: { [`${canary}_key`]: canary, path: canary },
        ...own,
      }) as TestRecord,
  )

/** The same ids and times, everything else the stranger's; and a dataset that only the stranger has. */
export const strangerRecords = () =>
  toBatch(
    stranger,
    otherRecords((at) => `record ${at}`, {}),
  )

/** Of the landlord's other deployments, and of none. */
export const neighbourRecords = () =>
  toBatch(landlord, [
    ...otherRecords((at) => `neighbour ${at}`, { deployment: `${canary}_app` }),
    ...otherRecords((at) => `nobody's ${at}`, { deployment: undefined }),
  ])
