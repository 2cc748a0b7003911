import type { Cursor } from '../tokens/cursor.ts'
import type { PrivilegeStatement } from '../tree.ts'

function parsePrivilege(cursor: Cursor): PrivilegeStatement['privilege'] {
  if (cursor.accept('READ')) return 'READ'
  if (cursor.accept('WRITE')) return 'WRITE'
  if (!cursor.accept('ALL')) throw cursor.unexpected('READ', 'WRITE', 'ALL [PRIVILEGES]')
  cursor.accept('PRIVILEGES')
  return 'ALL PRIVILEGES'
}

/** After GRANT or REVOKE; `to` is the word before the user. */
export function parsePrivilegeStatement(
  cursor: Cursor,
  kind: PrivilegeStatement['kind'],
): PrivilegeStatement {
  const to = kind === 'grant' ? 'TO' : 'FROM'
  const privilege = parsePrivilege(cursor)
  if (cursor.accept('ON')) {
    const database = cursor.identifier()
    cursor.expect(to)
    return { kind, privilege, database, user: cursor.identifier() }
  }
  if (privilege !== 'ALL PRIVILEGES') throw cursor.unexpected('ON')
  if (!cursor.accept(to)) throw cursor.unexpected('ON', to)
  return { kind, privilege, user: cursor.identifier() }
}
