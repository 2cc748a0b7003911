const known = new Map<string, boolean>()

/** Go's name for the zone of the process. */
export const localZone = 'Local'

/** Whether Go finds the zone: the IANA database has the name, in these letters. */
export function isTimeZone(name: string): boolean {
  const cached = known.get(name)
  if (cached !== undefined) return cached
  const found = name === localZone || find(name)
  // Only names that exist are kept: their number is bounded, that of names that do not is up to the caller.
  if (found) known.set(name, true)
  return found
}

function find(name: string): boolean {
  // An offset such as +01:00 is a zone to JavaScript, not to InfluxDB.
  if (!/^[A-Za-z]/.test(name) || spelled(name) !== name) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

/** Names whose words do not all start with a capital and go on without. */
const irregular =
  `Africa/Dar_es_Salaam America/Argentina/ComodRivadavia America/Knox_IN America/Port-au-Prince
America/Port_of_Spain Antarctica/DumontDUrville Antarctica/McMurdo Australia/ACT Australia/LHI Australia/NSW Brazil/DeNoronha
Chile/EasterIsland Etc/UCT Etc/UTC Europe/Isle_of_Man Mexico/BajaNorte Mexico/BajaSur CET CST6CDT EET EST EST5EDT GB GB-Eire GMT
GMT+0 GMT-0 GMT0 HST MET MST MST7MDT NZ NZ-CHAT PRC PST8PDT ROC ROK UCT UTC W-SU WET`.split(/\s+/)
const irregularNames: ReadonlyMap<string, string> = new Map(
  irregular.map((name) => [name.toLowerCase(), name]),
)

/** The letters in which the database has a name, which JavaScript reads in any; undefined of abbreviations that only JavaScript reads. */
function spelled(name: string): string | undefined {
  const lower = name.toLowerCase()
  const found = irregularNames.get(lower)
  if (found !== undefined || name.length < 4) return found
  return lower
    .replace(/(?:^|[/_-])[a-z]/g, (start) => start.toUpperCase())
    .replace(/^Us\//, 'US/')
    .replace(/^Etc\/Gmt/, 'Etc/GMT')
}
