import { hash, randomUUID } from 'node:crypto'
import type { Sender } from '../credentials.ts'

/** The id of a record, in Warren's own form, that its sender can name again: the same parts in the same order give the same id, of this sender alone. */
export function repeatableId({ tenant, name = '' }: Sender, ...parts: readonly string[]): string {
  let text = ''
  // Each with its length: texts may hold any character.
  for (const part of [tenant, name, ...parts]) text += `${part.length}:${part}`
  return hash('sha256', text).slice(0, 32)
}

/** Of a record that its sender cannot name: sent again by it, it is another one. */
export const newRecordId = (): string => randomUUID().replaceAll('-', '')
