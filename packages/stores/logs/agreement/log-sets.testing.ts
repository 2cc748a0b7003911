import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type LogRecordLike, rowId } from '@warren/searchdsl/search-records.testing'

const startMs = Date.UTC(2026, 2, 3)
/** Spreads 2,000 lines over five days. */
const stepMs = 216_007

/** One set's lines as records: message, level, component and place from the sample, the time made up. */
function readSet(folder: string, system: string, firstRow: number): LogRecordLike[] {
  const text = readFileSync(join(folder, system, `${system}_2k.log_structured.csv`), 'utf8')
  const [header = [], ...lines] = text
    .split('\n')
    .filter((line) => line !== '')
    .map(toCells)
  return lines.map((cells, at) => {
    const cell = (name: string) => cells[header.indexOf(name)]
    const level = cell('Level')
    const component = cell('Component')
    return {
      id: rowId(firstRow + at),
      '@timestamp': new Date(startMs + at * stepMs).toISOString(),
      message: cell('Content') ?? '',
      'event.dataset': system.toLowerCase(),
      'host.name': `${system}-${at % 7}`,
      'log.offset': at * 10,
      severity_number: (at % 24) + 1,
      attributes: { event: cell('EventId') ?? '', line: at % 100 },
      ...(level === undefined ? {} : { 'log.level': level }),
      ...(component === undefined ? {} : { 'service.name': component }),
    }
  })
}

/** RFC 4180, a record a line. */
function toCells(line: string): readonly string[] {
  return [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, cell = '']) =>
    cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell.trimEnd(),
  )
}

/** Loghub's samples of real logs: a folder a system, 2,000 lines each, as `X_2k.log_structured.csv`. https://github.com/logpai/loghub */
export function readLogSets(folder: string): readonly LogRecordLike[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }, at) => readSet(folder, name, at * 10_000))
}
