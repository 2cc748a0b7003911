import type { Arrival, Sink } from '../listeners/listener.ts'

/** The arrival of the next message, in one object: a new one for each would cost more than many a message. */
export interface ArrivalCell extends Arrival {
  nowMs: number
  at: string
  address: string
  isCut: boolean
  sink: Sink
}

let lastMs = 0
let lastText = ''

export function createArrival(address: string, sink: Sink): ArrivalCell {
  return { nowMs: 0, at: '', address, isCut: false, sink }
}

/** Sets the moment to now. */
export function stampArrival(arrival: ArrivalCell): void {
  const nowMs = Date.now()
  if (nowMs !== lastMs) {
    lastMs = nowMs
    lastText = new Date(nowMs).toISOString()
  }
  arrival.nowMs = nowMs
  arrival.at = lastText
}
