import { type TimeZone, toUtcMs } from '@warren/searchdsl/time/time-zone'

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
/** `Nov 24 00:30:00` of RFC 3164, with the year and the fraction that routers add. */
const pattern =
  /(?:[*.])?([A-Z][a-z]{2}) {1,2}(\d{1,2})(?: (\d{4}))? (\d\d):(\d\d):(\d\d)(\.\d{1,9})?:?(?: |$)/y

const maxKnown = 1_000

export interface LocalTime {
  /** RFC 3339 in UTC. */
  readonly text: string
  /** Behind it and its space. */
  readonly end: number
}

/** The year that brings the wall clock next to now: messages of 31 December arrive on 1 January. */
function nearestYear(toMs: (year: number) => number, nowMs: number): number {
  const year = new Date(nowMs).getUTCFullYear()
  const distance = (candidate: number): number => Math.abs(toMs(candidate) - nowMs)
  return [year - 1, year, year + 1].reduce((best, next) =>
    distance(next) < distance(best) ? next : best,
  )
}

/** Reads the time without zone, and mostly without year, that stands at an offset. */
export function createLocalTimeReader(zone: TimeZone) {
  // Most messages have a second that another had lately. By the text without its fraction.
  const known = new Map<string, string>()
  let knownDay = 0

  const toText = (match: RegExpExecArray, nowMs: number): string | undefined => {
    const [, name = '', day, year, hours, minutes, seconds] = match
    const month = months.indexOf(name)
    if (month < 0) return undefined
    const toMs = (of: number): number =>
      Date.UTC(of, month, Number(day), Number(hours), Number(minutes), Number(seconds))
    const localMs = toMs(year === undefined ? nearestYear(toMs, nowMs) : Number(year))
    return new Date(toUtcMs(zone, localMs)).toISOString().slice(0, 19)
  }

  /** The year of a time depends on the day on which it is read. */
  const forgetOld = (nowMs: number): void => {
    const today = Math.floor(nowMs / 86_400_000)
    if (today === knownDay && known.size < maxKnown) return
    known.clear()
    knownDay = today
  }

  return (line: string, start: number, nowMs: number): LocalTime | undefined => {
    pattern.lastIndex = start
    const match = pattern.exec(line)
    if (match === null) return undefined
    const [whole, , , , , , , fraction = ''] = match
    const end = start + whole.length
    const second = fraction === '' ? whole : whole.replace(fraction, '')
    forgetOld(nowMs)
    const seconds = known.get(second) ?? toText(match, nowMs)
    if (seconds === undefined) return undefined
    known.set(second, seconds)
    return { text: `${seconds}${fraction}Z`, end }
  }
}
