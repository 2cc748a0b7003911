import { counter } from '@warren/platform/metrics'
import type { Registry } from 'prom-client'
import { HttpError } from '../http-error.ts'
import { type LeftOut, toMessages } from '../prometheus/to-messages.ts'
import { publish, refusal } from '../receiving.ts'
import { readSnappyBody } from '../wire/snappy-body.ts'
import { writeRoute } from '../write-route.ts'
import type { Input } from './input.ts'

function createLeftOut(registry: Registry): (reason: LeftOut) => void {
  const leftOut = counter(registry, {
    name: 'warren_collector_prometheus_left_out_total',
    help: 'Samples, exemplars, histograms and series of remote write that are not stored',
    labels: ['reason'],
  })
  return (reason) => leftOut.inc({ reason })
}

const unsupported = (message: string): HttpError => new HttpError(415, 'invalid', { message })

/** Refuses what is not remote write 1.0; a sender of 2.0 that is told 415 goes back to that: https://prometheus.io/docs/specs/prw/remote_write_spec_2_0/#protocol */
function checkHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): void {
  const [type = '', ...parameters] = String(headers['content-type'] ?? '')
    .toLowerCase()
    .split(/\s*;\s*/)
  const message = parameters.find((parameter) => parameter.startsWith('proto='))
  if (type.trim() !== 'application/x-protobuf')
    throw unsupported(`unsupported content type: ${type}, application/x-protobuf is`)
  if (message !== undefined && message !== 'proto=prometheus.writerequest')
    throw unsupported(`unsupported ${message}: this is remote write 1.0, prometheus.WriteRequest`)
  const encoding = headers['content-encoding']
  if (encoding !== 'snappy')
    throw unsupported(`unsupported content encoding: ${encoding}, snappy is`)
}

/** Prometheus' remote write 1.0: https://prometheus.io/docs/specs/prw/remote_write_spec/ */
export const prometheus: Input = {
  type: 'prometheus',
  mount: (app, context) => {
    const { maxBodyBytes, messageBytes } = context.settings
    const leftOut = createLeftOut(context.registry)
    const route = writeRoute(context, {
      // Prometheus logs the first line of an answer.
      answer: (response, { message }) => void response.type('text/plain').send(`${message}\n`),
      take: async ({ request }, sender) => {
        checkHeaders(request.headers)
        const body = await readSnappyBody(request, maxBodyBytes)
        const messages = toMessages(body, { messageBytes, maxBytes: maxBodyBytes, leftOut })
        await publish(context, sender, messages)
        if (messages.refused > 0) throw refusal(messages)
      },
    })
    app.post('/api/v1/write', route)
  },
}
