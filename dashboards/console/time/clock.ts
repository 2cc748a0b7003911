const two = (value: number): string => String(value).padStart(2, '0')

/** `2026-05-01` of the reader's time zone. */
export function dayOf(ms: number): string {
  const date = new Date(ms)
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

/** `23:59:01` of the reader's time zone. */
export function clockTime(ms: number): string {
  const date = new Date(ms)
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
}

/** `23:59:01.250` of the reader's time zone. */
export const clockTimeMs = (ms: number): string =>
  `${clockTime(ms)}.${String(new Date(ms).getMilliseconds()).padStart(3, '0')}`

/** `2026-05-01 23:59:01` of the reader's time zone. */
export const moment = (ms: number): string => `${dayOf(ms)} ${clockTime(ms)}`

/** The same of a time as the api writes it; what is no time stays as it is. */
export function momentOf(text: string): string {
  const ms = Date.parse(text)
  return Number.isNaN(ms) ? text : moment(ms)
}

/** What a time zone is called, with what it is ahead of UTC at a moment: `Asia/Kolkata, UTC+05:30`. */
export function zoneText(zone: string, ms: number): string {
  if (zone === 'UTC') return zone
  const format = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' })
  const part = format.formatToParts(ms).find(({ type }) => type === 'timeZoneName')
  const offset = (part?.value ?? '').replace('GMT', 'UTC')
  return `${zone}, ${offset}`
}

/** The reader's, in which every time is shown unless it says otherwise. */
export const ownZone = (): string =>
  zoneText(Intl.DateTimeFormat().resolvedOptions().timeZone, Date.now())

/** Texts under an axis: the time as fine as its steps need, and the day below where it begins. Seconds since the epoch. */
export function tickTexts(ticks: readonly number[], stepSeconds: number): string[] {
  let lastDay = ''
  return ticks.map((tick) => {
    const ms = tick * 1000
    const day = dayOf(ms)
    const isNew = day !== lastDay
    lastDay = day
    if (stepSeconds >= 86_400) return day.slice(5)
    const time = stepSeconds < 60 ? clockTime(ms) : clockTime(ms).slice(0, 5)
    return isNew ? `${time}\n${day.slice(5)}` : time
  })
}
