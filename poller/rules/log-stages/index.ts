// In the order in which they are applied: redaction last, so that nothing added or renamed escapes it.
export { logs } from './logs.ts'
export { redaction } from './redaction.ts'
