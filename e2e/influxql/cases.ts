import { parseQuery } from '@warren/influxql/parse'
import { printStatement } from '@warren/influxql/print'
import type { Source, Statement } from '@warren/influxql/tree'

/** A row of server_cases.jsonl: lines that InfluxDB's own tests write, what they ask then, and the body they expect. */
export interface ServerCase {
  readonly id: string
  readonly kind: string
  readonly command: string
  readonly exp: string
  readonly db: string
  readonly params?: Readonly<Record<string, readonly string[]>> | null
  readonly writes?: readonly string[]
  readonly uses_now?: boolean
  readonly writes_dynamic?: boolean
  /** A row of a sequence that also deletes. */
  readonly suite?: string
}

const databasesIn = (command: string): readonly string[] => [
  ...new Set([...command.matchAll(/\b(db\d+)\./g)].map(([, name]) => name ?? '')),
]

/** Why a row does not count; undefined when it does. */
export function whyLeftOut(row: ServerCase): string | undefined {
  const { kind, writes = [], command } = row
  if (kind !== 'select' && kind !== 'show') return 'neither SELECT nor SHOW'
  if (writes.length === 0) return 'writes nothing'
  if (row.uses_now || row.writes_dynamic) return 'depends on the time of day'
  if (/\binto\b/i.test(command)) return 'has INTO'
  if (row.suite !== undefined) return 'follows statements that delete'
  const isOfSeveral = writes.some((write) => write.startsWith('#db'))
  return isOfSeveral || databasesIn(command).length > 1 ? 'several databases' : undefined
}

export const linesOf = ({ writes = [] }: ServerCase): string[] =>
  writes.flatMap((write) => write.split('\n')).filter((line) => line.trim() !== '')

/** The command without the names of the tests' database and policy, which a tenant's only ones stand for. */
export function commandOf({ command, db }: ServerCase): string {
  return parseQuery(command)
    .map((statement) => printStatement(withoutDatabase(statement, db)))
    .join('; ')
}

function withoutDatabase<S extends Statement>(statement: S, own: string): S {
  const { database: name, ...rest } = statement as S & { readonly database?: string }
  const kept = name === undefined || name === own ? rest : statement
  if (!('sources' in kept)) return kept as S
  const sources = kept.sources as readonly Source[]
  return { ...kept, sources: sources.map((source) => plainSource(source, own)) } as unknown as S
}

function plainSource(source: Source, own: string): Source {
  if (source.kind === 'subquery') return { ...source, select: withoutDatabase(source.select, own) }
  const { database, policy: _, ...rest } = source
  return database === undefined || database === own ? rest : source
}
