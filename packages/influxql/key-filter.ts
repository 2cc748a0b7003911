import { matcherOf } from './evaluate/expressions/compile-expression.ts'
import type { KeyFilter } from './tree.ts'

/** Whether WITH KEY asks for a key. */
export function keyTest(filter: KeyFilter | undefined): (key: string) => boolean {
  switch (filter?.kind) {
    case undefined:
      return () => true
    case 'equal':
      return (key) => key === filter.key
    case 'not equal':
      return (key) => key !== filter.key
    case 'match':
      return matcherOf(filter.regex)
    case 'no match': {
      const matches = matcherOf(filter.regex)
      return (key) => !matches(key)
    }
    case 'in': {
      const keys = new Set(filter.keys)
      return (key) => keys.has(key)
    }
  }
}
