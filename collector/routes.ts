import express, { type Express } from 'express'
import * as inputs from './inputs/index.ts'
import type { InputContext } from './inputs/input.ts'
import { metered } from './limits/metered.ts'
import type { Outgoing } from './sending/forwarder.ts'

export interface RoutesOptions extends Omit<InputContext, 'outgoing'> {
  /** Of the input of that name. */
  readonly outgoing: (input: string) => Outgoing
}

/** The collector's HTTP inputs under their native paths; the caller mounts it where it likes. */
export function createCollectorRoutes({ outgoing, ...context }: RoutesOptions): Express {
  const app = express().disable('x-powered-by').disable('etag')
  for (const input of Object.values(inputs))
    input.mount(app, { ...context, outgoing: metered(outgoing(input.type), context.limits) })
  app.use((request, response) => {
    response.status(404).json({ error: `no such path: ${request.path}` })
  })
  return app
}
