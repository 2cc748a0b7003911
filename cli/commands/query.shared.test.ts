import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const program = join(import.meta.dirname, '..', 'bin', 'warren.mjs')
const folder = join(process.env['WARREN_SHARED'] ?? '', 'conformance', 'influxql')

interface Case {
  readonly id: string
  readonly q: string
  readonly ok: boolean
  readonly kind?: string
  readonly error?: string
  readonly statements?: readonly Facts[]
}

interface Facts {
  readonly type: string
  readonly string: string
  readonly condition_error?: string
  readonly time_min_ns?: string
  readonly time_max_ns?: string
  readonly group_by_interval_ns?: number
}

const read = <T>(name: string): T[] =>
  readFileSync(join(folder, name), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T)

function explain(questions: readonly object[]): Record<string, unknown>[] {
  const input = questions.map((question) => JSON.stringify(question)).join('\n')
  const words = [program, 'query', 'explain', '-o', 'json', '--now', '2000-01-01T00:00:00Z']
  const { stdout } = spawnSync(process.execPath, words, { input })
  return String(stdout)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

/** Facts that the reference gives of what it does not choke on. */
const toExpected = (facts: Facts): object => ({
  type: facts.type,
  text: facts.string,
  ...(facts.condition_error === undefined ? {} : { error: facts.condition_error }),
  ...(facts.time_min_ns === undefined ? {} : { timeMinNs: facts.time_min_ns }),
  ...(facts.time_max_ns === undefined ? {} : { timeMaxNs: facts.time_max_ns }),
  ...(facts.group_by_interval_ns === undefined ? {} : { intervalNs: facts.group_by_interval_ns }),
})

const parseCases = [
  ...read<Case>('parse_cases.jsonl'),
  ...read<Case>('grafana_queries.jsonl'),
].filter(({ kind }) => kind !== 'expr')

it("explains every query of the reference parser's tests as the reference reads it", () => {
  const rows = explain(parseCases)
  expect(rows.length).toBe(parseCases.length)
  for (const [at, { id, ok, error, statements = [] }] of parseCases.entries()) {
    const failed = statements.find((facts) => facts.condition_error)?.condition_error ?? error
    const isWhole = ok && failed === undefined
    expect(rows[at]).toMatchObject({ id, ok: isWhole, statements: statements.map(toExpected) })
    if (!isWhole) expect(rows[at]).toMatchObject({ error: failed })
  }
})

it("says of every query of the reference compiler's tests what the reference says", () => {
  const cases = read<{ q: string; error?: string }>('compile_cases.jsonl')
  const rows = explain(cases)
  for (const [at, { q, error }] of cases.entries())
    expect({ q, error: rows[at]?.['error'] }).toEqual({ q, error })
})
