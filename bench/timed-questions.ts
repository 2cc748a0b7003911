import { reasonOf } from '@warren/platform/errors'
import { quantile } from './probes.ts'
import { cpuSeconds } from './process-cost.ts'

/** Questions of one kind, each of which must be answered within `markMs` at the median. */
export interface Shape {
  readonly name: string
  readonly markMs: number
  /** How many are asked, one after the other. */
  readonly times: number
  /** Resolves with the rows of the answer. `number` makes each question another. */
  ask(number: number): Promise<() => number>
  /** What an answer has at least: a wrong answer may be quick. */
  readonly minRows: number
}

export interface Timing {
  readonly name: string
  readonly markMs: number
  /** Infinite when a question was refused. */
  readonly medianMs: number
  readonly p90Ms: number
  /** CPU of the process that answers, whatever else it does meanwhile included. */
  readonly cpuMsEach: number
  readonly refused?: string
}

/** Asks one after the other, until one is refused. */
export async function time(shape: Shape, pid: number): Promise<Timing> {
  try {
    return await timeAll(shape, pid)
  } catch (error) {
    const { name, markMs } = shape
    const [medianMs, p90Ms] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
    return { name, markMs, medianMs, p90Ms, cpuMsEach: 0, refused: reasonOf(error) }
  }
}

/** What it takes to look into an answer is not counted. */
async function timeAll(shape: Shape, pid: number): Promise<Timing> {
  const tookMs: number[] = []
  const cpu = cpuSeconds(pid)
  for (let number = 0; number < shape.times; number++) {
    const startMs = performance.now()
    const countRows = await shape.ask(number)
    tookMs.push(performance.now() - startMs)
    const rows = countRows()
    if (rows < shape.minRows)
      throw new Error(`${shape.name}: ${rows} rows where ${shape.minRows} were expected`)
  }
  tookMs.sort((a, b) => a - b)
  return {
    ...{ name: shape.name, markMs: shape.markMs },
    medianMs: quantile(tookMs, 0.5),
    p90Ms: quantile(tookMs, 0.9),
    cpuMsEach: ((cpuSeconds(pid) - cpu) * 1000) / shape.times,
  }
}

const rounded = (value: number): number => Math.round(value * 10) / 10

/** As figures of a bench: `<name>Ms` and so on. */
export const toDetails = (timings: readonly Timing[]): Record<string, number | string> =>
  Object.fromEntries(
    timings.flatMap(({ name, medianMs, p90Ms, cpuMsEach, refused }) => [
      ...(refused === undefined ? [] : [[`${name}Refused`, refused]]),
      [`${name}Ms`, rounded(medianMs)],
      [`${name}P90Ms`, rounded(p90Ms)],
      [`${name}CpuMs`, rounded(cpuMsEach)],
    ]),
  )

/** Of the shape that is furthest above its mark. */
export const worstShare = (timings: readonly Timing[]): number =>
  Math.max(...timings.map(({ medianMs, markMs }) => medianMs / markMs))

export const marksOf = (timings: readonly Timing[]): string =>
  timings.map(({ name, markMs }) => `${name} <= ${markMs} ms`).join(', ')
