import type { DataPoint } from './metrics-request.ts'

/** InfluxDB's bound of a time, nanoseconds. */
const maxTimeNs = 2n ** 63n - 2n

/** Nanoseconds; 0 stands for the arrival. Throws for a time that no store takes. */
export function timeOf(
  { timeUnixNano = 0n }: Pick<DataPoint, 'timeUnixNano'>,
  arrivedMs: number,
): bigint {
  const time = BigInt(timeUnixNano)
  if (time > maxTimeNs || time < 0n) throw new Error(`time ${time} outside range`)
  return time === 0n ? BigInt(arrivedMs) * 1_000_000n : time
}

/** The same of eight bytes of a body, as a line ends; neighbours mostly share theirs. */
export function createTimes(body: Buffer, arrivedMs: number) {
  const arrival = String(timeOf({}, arrivedMs))
  let last = { low: 0, high: 0, text: arrival }
  return {
    /** 0, where no field can be, is nowhere. */
    textAt: (place: number): string => {
      if (place === 0) return arrival
      const [low, high] = [body.readUInt32LE(place), body.readUInt32LE(place + 4)]
      if (low === last.low && high === last.high) return last.text
      const text = String(timeOf({ timeUnixNano: body.readBigUInt64LE(place) }, arrivedMs))
      last = { low, high, text }
      return text
    },
  }
}
