import { createLineParts } from '@warren/lineprotocol/line-parts'
import { createLineCursor, nextLine, startLines } from '@warren/lineprotocol/lines'
import { scanLine } from '@warren/lineprotocol/scan'
import { stateDatabase } from '@warren/stores/metrics/influx1/rollups/state'
import { runSink, type SinkAnswer } from './sink.ts'

const cursor = createLineCursor()
const parts = createLineParts()
let stored = 0
let dropped = 0

/** InfluxDB 1.x: 204 when every line can be parsed and has a timestamp, else 400 with how many were dropped. */
function write(body: Buffer): SinkAnswer {
  let good = 0
  let bad = 0
  startLines(cursor, body)
  while (nextLine(cursor)) {
    if (scanLine(cursor, parts) === undefined && parts.timeStart >= 0) good += 1
    else bad += 1
  }
  stored += good
  dropped += bad
  if (bad === 0) return { status: 204 }
  return { status: 400, json: { error: `partial write: unable to parse dropped=${bad}` } }
}

runSink(({ url, body }) => {
  // What the job of rollups remembers is no points of a tenant.
  if (url.searchParams.get('db') === stateDatabase) return { status: 204 }
  if (url.pathname === '/write') return write(body)
  if (url.pathname === '/query') return { status: 200, json: { results: [{ statement_id: 0 }] } }
  return { status: 200, json: { stored, refused: dropped } }
})
