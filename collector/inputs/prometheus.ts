import { counter } from '@warren/platform/metrics'
import type { Response } from 'express'
import type { Registry } from 'prom-client'
import type { HttpError } from '../http-error.ts'
import { isV2, requestKind } from '../prometheus/request-kind.ts'
import { type LeftOut, toMessages } from '../prometheus/to-messages.ts'
import { writtenHeaders } from '../prometheus/written.ts'
import { publish, publishMetadata, refusal } from '../receiving.ts'
import { readSnappyBody } from '../wire/snappy-body.ts'
import { writeRoute } from '../write-route.ts'
import type { Input } from './input.ts'

function createLeftOut(registry: Registry): (reason: LeftOut) => void {
  const leftOut = counter(registry, {
    name: 'warren_collector_prometheus_left_out_total',
    help: 'Samples, exemplars, histograms, series and metadata of remote write that are not stored',
    labels: ['reason'],
  })
  return (reason) => leftOut.inc({ reason })
}

function setWritten(response: Response, samples: number): void {
  if (isV2(response.req.headers)) response.set(writtenHeaders(samples))
}

// Prometheus logs the first line of an answer.
const say = (response: Response, { message }: HttpError): void =>
  void response.type('text/plain').send(`${message}\n`)

/** Prometheus' remote write, 1.0 and 2.0: https://prometheus.io/docs/specs/prw/remote_write_spec/ https://prometheus.io/docs/specs/prw/remote_write_spec_2_0/ */
export const prometheus: Input = {
  type: 'prometheus',
  mount: (app, context) => {
    const { maxBodyBytes, messageBytes } = context.settings
    const leftOut = createLeftOut(context.registry)
    const route = writeRoute(context, {
      take: async ({ request }, sender) => {
        const kind = requestKind(request.headers)
        const body = await readSnappyBody(request, maxBodyBytes)
        const options = { messageBytes, maxBytes: maxBodyBytes, leftOut }
        const messages = toMessages(body, kind, options)
        await publish(context, sender, messages)
        await publishMetadata(context, sender, messages.metadata)
        return messages
      },
      accept: (response, messages) => {
        setWritten(response, messages.lines)
        if (messages.refused === 0) return void response.status(204).end()
        const error = refusal(messages)
        return say(response.status(error.status), error)
      },
      answer: (response, error) => {
        setWritten(response, 0)
        say(response, error)
      },
    })
    app.post('/api/v1/write', route)
  },
}
