import { RE2JS } from 're2js'
import type { KeyFilter } from './tree.ts'

/** Whether WITH KEY asks for a key. */
export function asksForKey(filter: KeyFilter, key: string): boolean {
  switch (filter.kind) {
    case 'equal':
      return filter.key === key
    case 'not equal':
      return filter.key !== key
    case 'in':
      return filter.keys.includes(key)
    case 'match':
      return RE2JS.compile(filter.regex).matcher(key).find()
    case 'no match':
      return !RE2JS.compile(filter.regex).matcher(key).find()
  }
}
