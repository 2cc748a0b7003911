/** A length of time in the largest fitting unit. */
export function lasting(seconds: number): string {
  if (seconds < 60) return `${Math.floor(seconds)} s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`
  return `${Math.floor(seconds / 86_400)} d`
}

/** Since a moment; a sender's clock may run ahead. */
export const since = (thenMs: number): string => lasting(Math.max(0, (Date.now() - thenMs) / 1000))

/** How long ago a moment was. */
export const ago = (thenMs: number): string => `${since(thenMs)} ago`
