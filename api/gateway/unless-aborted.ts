/** Settles as the answer does, or rejects with the signal's reason as soon as it has fired: what is at work words its own end differently, or goes on. */
export function unlessAborted<Value>(answer: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const { promise, resolve, reject } = Promise.withResolvers<Value>()
  const stop = (): void => reject(signal.reason)
  if (signal.aborted) stop()
  else signal.addEventListener('abort', stop, { once: true })
  answer.then(
    (value) => {
      signal.removeEventListener('abort', stop)
      resolve(value)
    },
    (error: unknown) => {
      signal.removeEventListener('abort', stop)
      reject(signal.aborted ? signal.reason : error)
    },
  )
  return promise
}
