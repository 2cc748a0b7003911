import { type Disposition, WarrenError } from '@warren/platform/errors'
import { toStoreError } from './store-error.ts'

/** What a store's worker answers, by name: one argument, which must survive a structured clone, as must the answer. Of a call it is told when it is cancelled, and whether no other runs. */
export type WorkerMethods = Readonly<
  Record<string, (argument: never, signal: AbortSignal, isAlone: () => boolean) => Promise<unknown>>
>

export type ArgumentOf<Method> = Method extends (
  argument: infer Argument,
  ...rest: never
) => unknown
  ? Argument
  : never

export type AnswerOf<Method> = Method extends (...rest: never) => Promise<infer Answer>
  ? Answer
  : never

export type Request =
  | {
      readonly kind: 'call'
      readonly id: number
      readonly name: string
      readonly argument: unknown
    }
  | { readonly kind: 'abort'; readonly id: number }
  | { readonly kind: 'close' }

/** A WarrenError as it crosses the thread border, which keeps no class. */
interface PlainError {
  readonly message: string
  readonly code: string
  readonly disposition: Disposition
  /** Of what a person must find in the code: no failure of a store. */
  readonly stack?: string | undefined
}

export type Reply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'unready'; readonly error: PlainError }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly error: PlainError }

export function toPlainError(cause: unknown): PlainError {
  const { message, code, disposition, stack } = toStoreError(cause)
  return { message, code, disposition, ...(code === 'question_failed' ? { stack } : {}) }
}

export function toWarrenError({ message, code, disposition, stack }: PlainError): WarrenError {
  const error = new WarrenError(message, { code, disposition })
  if (stack !== undefined) error.stack = stack
  return error
}
