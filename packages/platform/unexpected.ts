import { AsyncLocalStorage } from 'node:async_hooks'
import type { EventEmitter } from 'node:events'

type OnUnexpected = (error: unknown) => void

const blamed = new AsyncLocalStorage<OnUnexpected>()

/** Runs `work`. What it starts, however late, belongs to it: an exception there that nobody catches goes to `onUnexpected`. */
export const blaming = <Result>(onUnexpected: OnUnexpected, work: () => Result): Result =>
  blamed.run(onUnexpected, work)

/** Gives each exception and rejection that nobody catches to whoever is to blame for it, else to `orElse`; without this, Node ends the process. Returns what undoes it. */
export function routeUnexpected(
  orElse: OnUnexpected,
  source: Pick<EventEmitter, 'on' | 'off'> = process,
): () => void {
  // Rejections arrive as the same event: https://nodejs.org/api/process.html#event-uncaughtexception
  const route = (error: unknown) => (blamed.getStore() ?? orElse)(error)
  source.on('uncaughtException', route)
  return () => void source.off('uncaughtException', route)
}
