import type { Statement } from './tree.ts'

/** Kinds whose words are not the reference's. */
const renamed: Partial<Readonly<Record<Statement['kind'], string>>> = {
  delete: 'DeleteSeries',
  'set password': 'SetPasswordUser',
  'show grants': 'ShowGrantsForUser',
}

const joinedWords = (words: string): string =>
  words.replace(/(?:^| )(.)/g, (_, first: string) => first.toUpperCase())

/** The name of the reference's type for the statement, without its `Statement` at the end: `Select`, `ShowTagValues`.
 *  https://github.com/influxdata/influxql/blob/master/ast.go */
export function statementTypeOf(statement: Statement): string {
  const { kind } = statement
  if (kind === 'show cardinality') return `Show${joinedWords(statement.of)}Cardinality`
  const isOfServer = (kind === 'grant' || kind === 'revoke') && statement.database === undefined
  return `${renamed[kind] ?? joinedWords(kind)}${isOfServer ? 'Admin' : ''}`
}
