import { ApiError } from './client.ts'

interface FieldErrors<Name extends string> {
  /** By the field of a form that they are about. */
  readonly at: Readonly<Partial<Record<Name, string>>>
  /** What is about none of them; undefined when there is nothing else. */
  readonly rest: string | undefined
}

/** `/deployments/0` is of the field `deployments`. */
const memberOf = (pointer: string): string => pointer.split('/')[1] ?? ''

/** What the api says against a form, by the members of the body that its fields fill: the pointers of a problem are for programs. */
export function toFieldErrors<Name extends string>(
  error: Error | null,
  fields: readonly Name[],
): FieldErrors<Name> {
  const problems = (error instanceof ApiError && error.problem?.errors) || []
  const at: Partial<Record<Name, string>> = {}
  for (const name of fields) {
    const own = problems.filter(({ pointer }) => memberOf(pointer) === name)
    if (own.length > 0) at[name] = [...new Set(own.map(({ detail }) => detail))].join('; ')
  }
  const isAll = problems.length > 0 && problems.every(({ pointer }) => memberOf(pointer) in at)
  return { at, rest: isAll ? undefined : error?.message }
}
