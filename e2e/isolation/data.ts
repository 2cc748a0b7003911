import { idOf, type TestRecord, toBatch } from '@warren/stores/logs/testing'
import type { LineBatch } from '@warren/stores/write-outcome'

/** Whose queries are asked, and whose data they must never feel. */
export const reader = 'alpha'
export const stranger = 'beta'

/** In every name, value and text of the stranger that the reader does not have as well. */
export const canary = 'zzcanary'

const dayMs = 86_400_000

/** Everything happens in two hours of yesterday, which every store keeps, so that a query names them and nothing depends on the clock. */
export const startMs = Math.floor(Date.now() / dayMs) * dayMs - dayMs + 5 * 3_600_000
export const endMs = startMs + 2 * 3_600_000
const points = 60
const stepMs = (endMs - startMs) / points

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

/** One line a step and series; `line` gives the fields of step `at`, or nothing. */
function series(key: string, line: (at: number) => string | undefined): readonly string[] {
  return Array.from({ length: points }, (_, at) => {
    const fields = line(at)
    return fields === undefined ? [] : [`${key} ${fields} ${startMs + at * stepMs}000000`]
  }).flat()
}

export function readerPoints() {
  const lines = hosts.flatMap((host, h) => {
    const escaped = host.replace(' ', '\\ ')
    const region = regions[h % 2]
    const tags = `deployment=shop,host=${escaped},region=${region},tenant=${reader}`
    return [
      ...series(`cpu,${tags}`, (at) =>
        at % 7 === h
          ? undefined
          : `idle=${100 - at},state="s${at % 3}",up=${at % 2 === 0},usage=${at * (h + 1)}.5`,
      ),
      ...series(`mem,${tags}`, (at) => `free=${at * 1000},used=${(points - at) * 1000}`),
    ]
  })
  const odd = series(`odd\\ name,deployment=shop,host=a,tenant=${reader}`, (at) => `value=${at}`)
  return toLines(reader, [...lines, ...odd])
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

const levels = ['info', 'warn', 'error']
const datasets = ['nginx', 'shop']

function recordAt(at: number): TestRecord {
  return {
    id: idOf(`record ${at}`),
    '@timestamp': new Date(startMs + at * stepMs).toISOString(),
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

export const readerRecords = () =>
  toBatch(
    reader,
    Array.from({ length: points }, (_, at) => recordAt(at)),
  )

/** The same ids and times, everything else the stranger's; and a dataset that only the stranger has. */
export const strangerRecords = () =>
  toBatch(
    stranger,
    Array.from(
      { length: points * 2 },
      (_, at): TestRecord =>
        ({
          ...recordAt(at % points),
          id: idOf(`record ${at}`),
          message: `request ${canary} took ${at} ms and failed`,
          'log.level': at % 2 === 0 ? 'error' : canary,
          'host.name': at % 2 === 0 ? 'a' : canary,
          'service.name': canary,
          'event.dataset': at % 3 === 0 ? canary : datasets[at % 2],
          attributes: { [`${canary}_key`]: canary, path: canary },
        }) as TestRecord,
    ),
  )
