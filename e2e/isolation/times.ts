import type { Question } from './question.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** Where the clock of both worlds begins (`clock.ts`). */
export const bornMs = Date.now()
const midnightMs = bornMs - (bornMs % dayMs)

/** How many points a series has in each of two spans of two hours. */
export const points = 60
const stepMs = 2 * minuteMs

/** Yesterday, which every store keeps: what is asked of it depends on no clock. */
export const startMs = midnightMs - dayMs + 5 * hourMs
export const endMs = startMs + points * stepMs

/** More than a week ago: InfluxDB may keep weeks from a Monday on, which leave as a whole. Rollups have what points have no longer. */
export const oldStartMs = midnightMs - 8 * dayMs + 5 * hourMs
export const oldEndMs = oldStartMs + points * stepMs

/** What is younger than so many days stays. */
export const keptDays = 3

/** The last hours before the worlds begin, and all that come while they are asked. */
const liveStepMs = minuteMs
const liveStartMs = bornMs - (bornMs % minuteMs) - 2 * hourMs
const livePoints = 9 * 60

const times = (fromMs: number, everyMs: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, at) => fromMs + at * everyMs)

export const yesterdayMs = times(startMs, stepMs, points)
export const oldMs = times(oldStartMs, stepMs, points)
export const liveMs = times(liveStartMs, liveStepMs, livePoints)

/** Stands in a question for the moment so long before it is asked; nothing encodes any of its characters. */
export const ago = (ms: number): string => `now_${ms}_ago`

/** The question as it is asked at a moment. */
export function askedAt(question: Question, nowMs: number): Question {
  const withTimes = (text: string): string =>
    text.replace(/now_(\d+)_ago/g, (_, ms) => String(nowMs - Number(ms)))
  const { path, body } = question
  return {
    ...question,
    path: withTimes(path),
    ...(body === undefined ? {} : { body: withTimes(body) }),
  }
}
