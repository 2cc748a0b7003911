const known = new Map<string, boolean>()

/** Whether the IANA database knows the name. */
export function isTimeZone(name: string): boolean {
  const cached = known.get(name)
  if (cached !== undefined) return cached
  const found = find(name)
  // Only names that exist are kept: their number is bounded, that of names that do not is up to the caller.
  if (found) known.set(name, true)
  return found
}

function find(name: string): boolean {
  // An offset such as +01:00 is a zone to JavaScript, not to InfluxDB.
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
