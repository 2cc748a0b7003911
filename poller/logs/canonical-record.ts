import type { Attributes } from './attributes.ts'

/** A canonical record (stores/logs/log-store) before it is printed; its id, the first key, is still empty. */
export type CanonicalRecord = Record<string, string | number | Attributes>
