// In the order in which they are applied: a rule sees the names that the stages before it made.

export { measurements } from './measurements.ts'
export { tags } from './tags.ts'
export { templates } from './templates.ts'
