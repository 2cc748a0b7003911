// Reads a tap and prints each line. Needs Node 22.15 or newer and `npm install amqplib`.
//
// TAP_URL=amqp://127.0.0.1:5672 TAP_USER=… TAP_SECRET=… TAP_QUEUE=… node tap-consumer.mjs
//
// The four values are in the answer of `POST /api/v1/taps`.
import { setTimeout as sleep } from 'node:timers/promises'
import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import { connect } from 'amqplib'

const { TAP_URL, TAP_USER, TAP_SECRET, TAP_QUEUE } = process.env
const address = new URL(TAP_URL)
address.username = TAP_USER
address.password = TAP_SECRET

const maxOutputLength = 4 * 1024 * 1024 // No message of Warren is larger when unpacked.
const unpack = {
  gzip: (body) => gunzipSync(body, { maxOutputLength }),
  zstd: (body) => zstdDecompressSync(body, { maxOutputLength }),
}

let connection
let isOver = false
process.once('SIGINT', stop).once('SIGTERM', stop)
function stop() {
  isOver = true
  connection?.close().catch(() => {})
}

/** Line protocol (metrics) or JSON (the others), a line each. */
function take({ content, properties, fields }) {
  const body = unpack[properties.contentEncoding]?.(content) ?? content
  for (const line of body.toString().split('\n'))
    if (line !== '') process.stdout.write(`${fields.routingKey}\t${line}\n`)
}

/** Consumes until the connection is lost, the tap is removed, or we stop. */
async function consume() {
  connection = await connect(address.href)
  const closed = new Promise((resolve) => connection.once('close', resolve))
  connection.on('error', (error) => process.stderr.write(`${error.message}\n`))
  const channel = await connection.createChannel()
  // Without a bound, all that waits is sent at once and held until it is acknowledged.
  await channel.prefetch(100)
  await channel.consume(TAP_QUEUE, (message) => {
    if (message === null) return void connection.close() // The tap was removed.
    take(message)
    channel.ack(message)
  })
  await closed
}

for (let waitMs = 500; !isOver; waitMs = Math.min(waitMs * 2, 30_000)) {
  const startedAt = Date.now()
  await consume().catch((error) => process.stderr.write(`${error.message}\n`))
  if (Date.now() - startedAt > 60_000) waitMs = 500
  if (!isOver) await sleep(waitMs)
}
