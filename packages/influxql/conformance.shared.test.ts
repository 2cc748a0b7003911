import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkStatement } from './check.ts'
import { evaluateStatement } from './evaluate/evaluate.ts'
import { ParseError } from './parse/error.ts'
import { parseExpressionText, parseQuery } from './parse.ts'
import { printExpression } from './print/expression.ts'
import { printStatement } from './print.ts'
import { ScopeError } from './scope/error.ts'
import { scopeStatement } from './scope.ts'
import { statementTypeOf } from './statement-type.ts'
import { createMemorySource } from './testing.ts'
import { groupIntervalOf } from './time/group-interval.ts'
import { maxTimeNs, minTimeNs, timeRangeOf } from './time-range.ts'

interface StatementFacts {
  readonly type: string
  readonly string: string
  readonly condition?: string
  readonly condition_without_time?: string
  readonly condition_error?: string
  readonly time_min_ns?: string
  readonly time_max_ns?: string
  readonly group_by_interval_ns?: number
}

interface ParseCase {
  readonly id: string
  readonly q: string
  readonly ok: boolean
  readonly kind?: string
  readonly string?: string
  readonly error?: string
  readonly params?: Record<string, unknown>
  readonly statements?: readonly StatementFacts[]
}

interface ServerCase {
  readonly id: string
  readonly test: string
  readonly name?: string
  readonly command: string
  readonly exp: string
  readonly params?: Record<string, readonly string[]>
  readonly writes?: readonly string[]
  readonly uses_now?: boolean
  readonly writes_dynamic?: boolean
}

function read<T>(path: string): T[] {
  const file = join(process.env['WARREN_SHARED'] ?? '', 'conformance', path)
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T)
}

// The instant at which the reference was asked.
const referenceNow = 946684800000000000n

function printed({ q, kind, params = {} }: ParseCase): string[] | string {
  try {
    if (kind === 'expr') return [printExpression(parseExpressionText(q))]
    return parseQuery(q, { parameters: params }).map(printStatement)
  } catch (error) {
    if (error instanceof ParseError) return error.detail
    throw error
  }
}

const parseCases = [
  ...read<ParseCase>('influxql/parse_cases.jsonl'),
  ...read<ParseCase>('influxql/grafana_queries.jsonl'),
]

describe('the reference parser', () => {
  test.each(parseCases)('$id $q', (row) => {
    const strings = row.kind === 'expr' ? [row.string] : row.statements?.map(({ string }) => string)
    expect(printed(row)).toEqual(row.ok ? strings : row.error)
    if (!row.ok || row.kind === 'expr') return
    const statements = parseQuery(row.q, { parameters: row.params ?? {} })
    expect(statements.map(statementTypeOf)).toEqual(row.statements?.map(({ type }) => type))
  })

  const selects = parseCases.flatMap(({ q, params = {}, statements = [] }) =>
    statements.map((facts, at) => ({ q, params, facts, at })),
  )
  const timed = selects.filter(({ facts }) => facts.type === 'Select' && facts.condition)
  test.each(timed)('time of $q', ({ q, params, facts, at }) => {
    const statement = parseQuery(q, { parameters: params })[at]
    if (statement?.kind !== 'select') throw new Error('not a SELECT')
    const range = () => timeRangeOf(statement.condition, referenceNow, statement.timeZone)
    if (facts.condition_error !== undefined) {
      expect(range).toThrow(facts.condition_error)
      return
    }
    const { minNs, maxNs, condition } = range()
    expect(minNs).toBe(BigInt(facts.time_min_ns ?? minTimeNs))
    expect(maxNs).toBe(BigInt(facts.time_max_ns ?? maxTimeNs))
    expect(condition === undefined ? '' : printExpression(condition)).toBe(
      facts.condition_without_time,
    )
    expect(Number(groupIntervalOf(statement.dimensions))).toBe(facts.group_by_interval_ns ?? 0)
  })
})

describe('the reference compiler', () => {
  interface CompileCase {
    readonly q: string
    readonly error?: string
  }
  test.each(read<CompileCase>('influxql/compile_cases.jsonl'))('$q', ({ q, error }) => {
    const check = () => parseQuery(q).forEach((statement) => void checkStatement(statement))
    if (error === undefined) expect(check).not.toThrow()
    else expect(check).toThrow(expect.objectContaining({ message: error }))
  })
})

describe('what Grafana sends', () => {
  interface Capture {
    readonly id: string
    readonly note: string
    readonly mode: string
    readonly query: string
    readonly body: string
  }
  const queries = read<Capture>('grafana/influxdb.jsonl').flatMap(
    ({ id, note, mode, ...request }) => {
      const body = new URLSearchParams(request.body).get('q')
      const q = new URLSearchParams(request.query).get('q') ?? body
      return mode.startsWith('influxql') && q !== null ? [{ id, note, q }] : []
    },
  )
  const outcomes = queries.map(({ id, note, q }) => {
    try {
      const scope = { database: 'telegraf', tenant: 'acme' }
      const texts = parseQuery(q).map((one) => printStatement(scopeStatement(one, scope)))
      return { id, note, q, texts, refusal: '' }
    } catch (error) {
      if (error instanceof ParseError || error instanceof ScopeError)
        return { id, note, q, texts: [], refusal: error.message }
      throw error
    }
  })

  test('each query is scoped or refused with a text, and most are scoped', () => {
    const scoped = outcomes.filter(({ texts }) => texts.length > 0)
    const refused = outcomes.filter(({ texts }) => texts.length === 0)
    expect(refused.every(({ refusal }) => refusal.length > 0)).toBe(true)
    expect(scoped.length / outcomes.length).toBeGreaterThanOrEqual(grafanaFloor)
  })

  test('every SELECT has the predicate', () => {
    const selects = outcomes.flatMap(({ texts }) => texts).filter((text) => /^SELECT/.test(text))
    expect(selects.length).toBeGreaterThan(0)
    for (const text of selects) expect(text).toContain("tenant::tag = 'acme'")
  })
})

// The rest are broken quotes, other databases and policies, and statements nobody may run.
const grafanaFloor = 0.89

describe('the reference server', () => {
  const rows = read<ServerCase>('influxql/server_cases.jsonl')
  const changing = rows.filter(({ command }) =>
    /^\s*(drop|delete|create|alter|grant)\b|\binto\b/i.test(command),
  )
  const excluded = new Set(['init', ...changing.map((row) => row.test)])
  const answerable = rows.filter(
    ({ writes = [], ...row }) =>
      writes.length > 0 &&
      !writes.some((write) => write.startsWith('#db')) &&
      !row.uses_now &&
      !row.writes_dynamic &&
      !excluded.has(row.test) &&
      row.name !== 'init' &&
      /^\s*(select|show)\b/i.test(row.command),
  )

  /** A tenant has one database. */
  const isOfTwo = ({ command }: ServerCase) => /\bdb0\..*\bdb1\./.test(command)

  test('there are rows', () => expect(answerable.length).toBeGreaterThanOrEqual(257))

  test.each(answerable.filter((row) => !isOfTwo(row)))('$id $command', async (row) => {
    const source = createMemorySource((row.writes ?? []).join('\n').split('\n'))
    const epoch = row.params?.['epoch']?.[0] as 'ms' | undefined
    const results = []
    for (const [at, statement] of parseQuery(row.command).entries()) {
      const answer = await evaluateStatement(statement, { source, nowNs: referenceNow * 2n, epoch })
      results.push({ statement_id: at, ...answer })
    }
    expect({ results }).toEqual(JSON.parse(row.exp))
  })
})
