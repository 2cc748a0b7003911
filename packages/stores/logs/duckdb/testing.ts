import type { Company } from './turn.ts'

/** Of a search that nobody cancels, beside no other. */
export const alone: Company = { signal: new AbortController().signal, isAlone: () => true }
